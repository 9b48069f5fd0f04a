// The texts of files: of an open buffer, or else of the disk.
import { readdirSync, statSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { TextDocuments } from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { readText } from "../files.js";

/** The path of a URI; `undefined` for one that names no file, such as that of a new buffer. */
export function pathOf(uri: string): string | undefined {
  if (!uri.startsWith("file:")) return undefined;
  try {
    return fileURLToPath(uri);
  } catch {
    return undefined;
  }
}

/** The deepest folder and the most files that a search visits. */
const MOST_DEPTH = 8;
const MOST_FILES = 5_000;

/** The files of a workspace as the editor has them. */
export class Files {
  readonly #open: TextDocuments<TextDocument>;
  /** Files of the disk by their URI, with what tells whether they changed. */
  readonly #read = new Map<string, { readonly stamp: string; readonly document: TextDocument }>();

  constructor(open: TextDocuments<TextDocument>) {
    this.#open = open;
  }

  /** The URI of a path: that under which the editor has it open, if it has. */
  uriOf(path: string): string {
    const uri = pathToFileURL(path).href;
    if (this.#open.get(uri)) return uri;
    return this.#open.keys().find((key) => pathOf(key) === path) ?? uri;
  }

  /** Whether the editor has a file open. */
  isOpen(uri: string): boolean {
    return this.#open.get(uri) !== undefined;
  }

  /** A file; `undefined` if there is none, or it is no text. */
  get(uri: string): TextDocument | undefined {
    const open = this.#open.get(uri);
    if (open) return open;
    const path = pathOf(uri);
    try {
      if (path === undefined) return undefined;
      const { mtimeMs, size } = statSync(path);
      const stamp = `${mtimeMs} ${size}`;
      const known = this.#read.get(uri);
      if (known?.stamp === stamp) return known.document;
      const document = TextDocument.create(uri, "jsonc", 0, readText(path));
      this.#read.set(uri, { stamp, document });
      return document;
    } catch {
      return undefined;
    }
  }

  /** The paths of the files below a folder whose names end so, without those of dependencies and hidden folders. */
  below(folder: string, ending: string): string[] {
    const found: string[] = [];
    let visited = 0;
    const visit = (path: string, depth: number) => {
      for (const entry of entriesOf(path)) {
        visited += 1;
        if (visited > MOST_FILES) return;
        const inner = join(path, entry.name);
        const isHidden = entry.name.startsWith(".") || entry.name === "node_modules";
        if (entry.isDirectory() && !isHidden && depth < MOST_DEPTH) visit(inner, depth + 1);
        else if (entry.isFile() && entry.name.endsWith(ending)) found.push(inner);
      }
    };
    visit(folder, 0);
    return found.sort();
  }

  /** The documents of JSON in a folder and the folders above it, up to the folder of a workspace. */
  beside(path: string, stop: readonly string[]): string[] {
    const found: string[] = [];
    let folder = dirname(path);
    for (let depth = 0; depth < MOST_DEPTH; depth += 1) {
      const here = entriesOf(folder).filter(
        (entry) => entry.isFile() && [".jsonc", ".json"].includes(extname(entry.name)),
      );
      found.push(...here.map(({ name }) => join(folder, name)));
      if (stop.includes(folder) || dirname(folder) === folder) break;
      folder = dirname(folder);
    }
    return found.filter((one) => one !== path);
  }
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
