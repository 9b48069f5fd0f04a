// One policy: its document with the files that it includes, what is known of it, and the tests about it.
import { dirname, join } from "node:path";
import { open } from "privet";
import { FileOffsets, Knowledge, PolicyIndex, type FileRange, type Texts } from "privet/language";
import type { Diagnostic, RequirementWords, Studio } from "privet/studio";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { readBeside, sourceOf } from "../documents/source.js";
import { Fault } from "../faults.js";
import { pathOf, type Files } from "./files.js";

/** The text of a policy at one time. */
interface Snapshot {
  readonly texts: Texts;
  /** The URIs of the files by name; `""` is the document. */
  readonly uris: ReadonlyMap<string, string>;
  /** Why a file cannot be included. */
  readonly fault: Fault | undefined;
}

/** A policy that is being written. Everything is computed when it is asked for, and kept while the texts stay the same. */
export class Project {
  readonly uri: string;
  readonly #files: Files;
  readonly #tools: Studio;
  #snapshot: Snapshot | undefined;
  #diagnostics: readonly Diagnostic[] | undefined;
  #offsets: FileOffsets | undefined;
  #index: PolicyIndex | undefined;
  /** Of the last version that compiled. */
  #knowledge: Knowledge | undefined;
  #isKnown = false;

  constructor(uri: string, files: Files, tools: Studio) {
    this.uri = uri;
    this.#files = files;
    this.#tools = tools;
  }

  /** The words of a requirement. */
  readonly words = (requirement: string): RequirementWords => this.#tools.words(requirement);

  /** Reads the texts again. */
  refresh(): void {
    const next = this.#read();
    const { texts = {} } = this.#snapshot ?? {};
    const names = Object.keys(next.texts);
    const isSame =
      this.#snapshot !== undefined &&
      names.length === Object.keys(texts).length &&
      names.every((name) => texts[name] === next.texts[name]);
    this.#snapshot = next;
    if (isSame) return;
    this.#diagnostics = undefined;
    this.#offsets = undefined;
    this.#index = undefined;
    this.#isKnown = false;
  }

  get #current(): Snapshot {
    if (!this.#snapshot) this.refresh();
    return this.#snapshot!;
  }

  /** The URIs of its files by their names; `""` is the document. */
  get uris(): ReadonlyMap<string, string> {
    return this.#current.uris;
  }

  /** The name of a file of it; `undefined` for another file. */
  nameOf(uri: string): string | undefined {
    for (const [name, known] of this.uris) if (known === uri) return name;
    return undefined;
  }

  /** A file of it. */
  document(name: string): TextDocument | undefined {
    const uri = this.uris.get(name);
    return uri === undefined ? undefined : this.#files.get(uri);
  }

  /** The errors and warnings. */
  get diagnostics(): readonly Diagnostic[] {
    const { texts, fault } = this.#current;
    this.#diagnostics ??= [
      ...this.#tools.check(texts[""] ?? "", { files: filesOf(texts) }),
      ...(fault
        ? [{ code: fault.code, severity: "error", message: fault.message, pointer: "", place: "" } as const]
        : []),
    ];
    return this.#diagnostics;
  }

  /** A place of a diagnostic in UTF-16 offsets. Unlike the index it needs no reading of the texts, so that diagnostics come sooner. */
  range(place: { readonly file?: string; readonly start: number; readonly end: number }): FileRange {
    this.#offsets ??= new FileOffsets(this.#current.texts);
    return this.#offsets.range(place);
  }

  /** The ids and their places. */
  get index(): PolicyIndex {
    const { texts } = this.#current;
    this.#index ??= new PolicyIndex(this.#tools.index(texts[""] ?? "", { files: filesOf(texts) }), texts);
    return this.#index;
  }

  /** What is known of the last version that compiled; `undefined` if none did. */
  get knowledge(): Knowledge | undefined {
    if (this.#isKnown) return this.#knowledge;
    this.#isKnown = true;
    const { texts } = this.#current;
    try {
      // Reasons take most of the time of compiling, and nothing here names them
      const policy = open(this.#tools.compile(texts[""] ?? "", { files: filesOf(texts), reasons: false }));
      this.#knowledge = new Knowledge(policy, this.#tools.describe(policy));
    } catch {
      // A version with errors: what was known of the one before stays
    }
    return this.#knowledge;
  }

  #read(): Snapshot {
    const text = this.#files.get(this.uri)?.getText() ?? "";
    const path = pathOf(this.uri);
    const uris = new Map([["", this.uri]]);
    const texts: Record<string, string> = Object.assign(Object.create(null), { "": text });
    if (path === undefined) return { texts, uris, fault: undefined };
    const folder = dirname(path);
    const read = (name: string) => {
      const uri = this.#files.uriOf(join(folder, name));
      uris.set(name, uri);
      if (!this.#files.isOpen(uri)) readBeside(folder, name); // refuses links out of the folder
      const document = this.#files.get(uri);
      return document && Buffer.from(document.getText());
    };
    try {
      Object.assign(texts, sourceOf(path, text, read).files);
      return { texts, uris, fault: undefined };
    } catch (thrown) {
      if (thrown instanceof Fault) return { texts, uris, fault: thrown };
      throw thrown;
    }
  }
}

function filesOf(texts: Texts): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).filter(([name]) => name !== ""));
}
