// The imported people of each workspace. They live as long as the page does, whatever view is open, and are read again from this
// browser after a reload.
import { useEffect, useState } from "preact/hooks";
import { useApp } from "../../state/app.js";
import type { Model } from "../../state/model.js";
import { followTabs, importKey, tellTabs } from "../../state/saving.js";
import { store } from "../../state/store.js";
import type { Content, Person } from "../../state/types.js";
import { language, text } from "../../text/index.js";
import { type PeopleClient, createClient } from "./client.js";
import type { Meaning } from "./mapping.js";
import type { Effect, OpenedPerson, Resolved, Setting, TablePreview } from "./protocol.js";
import type { Reading } from "./table.js";

/** How many people are made up to try the views. */
export const MANY = 100_000;

export type Phase =
  | { readonly is: "looking" | "empty" }
  | { readonly is: "reading"; readonly file: string }
  | {
      readonly is: "mapping";
      readonly file: string;
      readonly size: number;
      readonly preview: TablePreview;
      readonly meanings: readonly Meaning[];
      readonly remembered: boolean;
    }
  | { readonly is: "resolving"; readonly file: string; readonly done: number; readonly all: number }
  | { readonly is: "resolved"; readonly file: string; readonly resolved: Resolved; readonly setting: string };

/** What tells one reading of a file from another, in this browser: the rows of people are those of one reading. */
const newReading = () => Date.now().toString(36);

/** The import of one workspace. */
export class Imported {
  phase: Phase = { is: "looking" };
  error = "";
  client: PeopleClient | undefined;
  #file: Blob | { readonly sample: number } | undefined;
  #preview: TablePreview | undefined;
  #reading: Reading = {};
  #meanings: readonly Meaning[] = [];
  #id = "";
  /** The fingerprint of the policy that the people are evaluated by. */
  #policy = "";
  #restored: Promise<void> | undefined;
  readonly #listeners = new Set<() => void>();

  constructor(readonly workspace: string) {}

  /** What was chosen where the file is not read as it is found to be. */
  get reading(): Reading {
    return this.#reading;
  }
  /** Which file it is: people who are opened from it have this, and their row. */
  get id(): string {
    return this.#id;
  }
  /** Whether somebody of the workspace is one of the imported people: they are counted with those. */
  has({ file, row }: Person): boolean {
    return this.phase.is === "resolved" && file === this.#id && row !== undefined;
  }
  /** The table of the file, and what its columns mean. */
  get preview(): TablePreview | undefined {
    return this.#preview;
  }
  get meanings(): readonly Meaning[] {
    return this.#meanings;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #set(phase: Phase, error = ""): void {
    this.phase = phase;
    this.error = error;
    for (const listener of [...this.#listeners]) listener();
  }

  /** Reads again what was imported before, if anything was: once. */
  restore(model: Model, content: Content): Promise<void> {
    this.#restored ??= this.#restore(model, content);
    return this.#restored;
  }

  async #restore(model: Model, content: Content): Promise<void> {
    if (this.phase.is !== "looking") return;
    this.phase = { is: "empty" };
    const kept = await store.import(this.workspace);
    if (!kept) return this.#set({ is: "empty" });
    const { sample, id, ...reading } = kept.options as Reading & { sample?: number; id?: string };
    await this.#read(sample ? { sample } : kept.file, kept.name, model, reading, id);
    if ((this.phase as Phase).is === "mapping") await this.resolve(kept.meanings as Meaning[], content, false);
  }

  async choose(file: File | { readonly sample: number }, name: string, model: Model): Promise<void> {
    await this.#read(file, name, model);
  }

  /** Imports made-up people, to see the views with many. */
  async trySample(model: Model, content: Content): Promise<void> {
    await this.choose({ sample: MANY }, text.imports.madeUpFile(MANY), model);
    if (this.phase.is === "mapping") await this.resolve(this.phase.meanings, content);
  }

  /** Reads the file again, with another encoding, separator, sheet or row of titles. */
  async reread(reading: Reading, model: Model): Promise<void> {
    const { phase, client } = this;
    if (phase.is !== "mapping" || !client || !this.#file) return;
    const next = { ...this.#reading, ...reading };
    try {
      const preview = await client.read(this.#file, model.pack, language, next);
      if (this.client !== client || this.phase.is !== "mapping") return;
      const isSame = titles(preview) === titles(phase.preview);
      const kept = isSame ? this.#meanings : await savedMapping(preview, model);
      this.#reading = next;
      this.#id = newReading();
      this.#preview = preview;
      this.#meanings = kept ?? preview.meanings;
      const remembered = isSame ? phase.remembered : kept !== undefined;
      this.#set({ ...phase, preview, meanings: this.#meanings, remembered });
    } catch (error) {
      if (this.client === client) this.#set({ ...phase }, (error as Error).message);
    }
  }

  async #read(
    file: Blob | { readonly sample: number },
    name: string,
    model: Model,
    reading: Reading = {},
    id = newReading(),
  ): Promise<void> {
    this.client?.stop();
    const client = createClient();
    this.client = client;
    this.#file = file;
    this.#reading = reading;
    this.#id = id;
    this.#policy = model.described.fingerprint;
    this.#set({ is: "reading", file: name });
    try {
      const preview = await client.read(file, model.pack, language, reading);
      const kept = await savedMapping(preview, model);
      if (this.client !== client) return;
      this.#preview = preview;
      this.#meanings = kept ?? preview.meanings;
      this.#set({
        is: "mapping",
        file: name,
        size: file instanceof Blob ? file.size : 0,
        preview,
        meanings: this.#meanings,
        remembered: kept !== undefined,
      });
    } catch (error) {
      if (this.client === client) this.#set({ is: "empty" }, (error as Error).message);
    }
  }

  map(meanings: readonly Meaning[]): void {
    this.#meanings = meanings;
    if (this.phase.is === "mapping") this.#set({ ...this.phase, meanings });
  }

  /** Shows the columns of the file again. */
  remap(): void {
    const { phase } = this;
    if (phase.is !== "resolved" || !this.#preview) return;
    this.#set({
      is: "mapping",
      file: phase.file,
      size: this.#file instanceof Blob ? this.#file.size : 0,
      preview: this.#preview,
      meanings: this.#meanings,
      remembered: false,
    });
  }

  async saveMapping(): Promise<void> {
    if (this.#preview) await store.saveMapping(titles(this.#preview), this.#meanings);
  }

  async resolve(meanings: readonly Meaning[], content: Content, keep = true): Promise<void> {
    const { client, phase } = this;
    if (!client || !("file" in phase)) return;
    const { file } = phase;
    const rows = this.#preview?.rows ?? 0;
    this.#meanings = meanings;
    this.#set({ is: "resolving", file, done: 0, all: rows });
    const [setting, opened] = [settingOf(content), this.#opened(content)];
    try {
      const onProgress = (done: number, all: number) =>
        this.client === client && this.phase.is === "resolving" && this.#set({ is: "resolving", file, done, all });
      const resolved = await client.resolve(meanings, setting, opened, onProgress);
      if (this.client !== client) return;
      this.#set({ is: "resolved", file, resolved, setting: JSON.stringify([setting, opened]) });
      if (keep) await this.#keep(file, meanings);
    } catch (error) {
      if (this.client === client) this.#set({ is: "empty" }, (error as Error).message);
    }
  }

  async #keep(name: string, meanings: readonly Meaning[]): Promise<void> {
    const file = this.#file;
    if (!file) return;
    try {
      await store.saveImport(
        this.workspace,
        file instanceof Blob
          ? { name, file, meanings, options: { ...this.#reading, id: this.#id } }
          : { name, file: new Blob([]), meanings, options: { sample: file.sample, id: this.#id } },
      );
      tellTabs(importKey(this.workspace));
    } catch {
      // storage is full or blocked: the people stay until the page is closed
    }
  }

  /** The people who were opened, as they are now. */
  #opened({ people }: Content): OpenedPerson[] {
    return people.flatMap(({ file, row, subject, roles }) =>
      file === this.#id && row !== undefined
        ? [{ row, subject: { ...subject, roles: [...(subject.roles ?? []), ...roles] } as OpenedPerson["subject"] }]
        : [],
    );
  }

  /** Evaluates the people again after the policy, the installation, a role, or a person who was opened has changed. */
  async refresh(model: Model, content: Content): Promise<void> {
    const { phase, client } = this;
    if (phase.is !== "resolved" || !client) return;
    if (this.#policy !== model.described.fingerprint && this.#file) {
      const meanings = this.#meanings;
      await this.#read(this.#file, phase.file, model, this.#reading, this.#id);
      if ((this.phase as Phase).is === "mapping") await this.resolve(meanings, content, false);
      return;
    }
    const [setting, opened] = [settingOf(content), this.#opened(content)];
    const key = JSON.stringify([setting, opened]);
    if (phase.setting === key) return;
    this.phase = { ...phase, setting: key };
    const resolved = await client.resolve(this.#meanings, setting, opened, () => undefined);
    if (this.client === client && this.phase.is === "resolved" && this.phase.setting === key)
      this.#set({ ...this.phase, resolved });
  }

  cancel(message = ""): void {
    this.client?.stop();
    this.client = undefined;
    this.#set({ is: "empty" }, message);
  }

  async remove(): Promise<void> {
    this.cancel();
    await store.deleteImport(this.workspace).catch(() => undefined);
    tellTabs(importKey(this.workspace));
  }

  /** Another tab has imported people, or removed them: they are read again where they are shown. */
  changedElsewhere(): void {
    if (this.phase.is !== "empty" && this.phase.is !== "resolved") return;
    this.client?.stop();
    this.client = undefined;
    this.#restored = undefined;
    this.#set({ is: "looking" });
  }
}

const titles = ({ header }: TablePreview) => header.join("\u0000");

/** The mapping that was saved for these titles, unless it is of another policy. */
async function savedMapping(preview: TablePreview, { privileges, facts }: Model): Promise<Meaning[] | undefined> {
  const kept = (await store.mapping(titles(preview))) as Meaning[] | undefined;
  const isKnown = (meaning: Meaning) => {
    const [kind, id = ""] = meaning.split(/:(.*)/s);
    return kind === "privilege" ? privileges.has(id) : kind !== "fact" || facts.has(id);
  };
  return kept?.every(isKnown) ? kept : undefined;
}
const settingOf = ({ facts, roles }: Content): Setting => ({ facts, roles });

const all = new Map<string, Imported>();
followTabs((changed) => {
  for (const imported of all.values()) if (changed === importKey(imported.workspace)) imported.changedElsewhere();
});

/** The import of a workspace; it may still have to be restored. */
export function importOf(workspace: string): Imported {
  const imported = all.get(workspace) ?? new Imported(workspace);
  all.set(workspace, imported);
  return imported;
}

/** The import of the workspace in use. */
export function usePeople(): Imported {
  const { workspace, model, content } = useApp();
  const [, redraw] = useState(0);
  const imported = importOf(workspace.id);
  useEffect(() => imported.subscribe(() => redraw((times) => times + 1)), [imported]);
  useEffect(() => void imported.restore(model, content), [imported, imported.phase.is === "looking"]);
  useEffect(() => void imported.refresh(model, content), [imported, model, content, imported.phase.is]);
  return imported;
}

/** How many people are imported, and what a change of the installation or of roles would do to them. */
export function useImported(change: Partial<Setting> = {}): {
  readonly people: number;
  readonly file: string;
  readonly effect: Effect | undefined;
  readonly resolved: Resolved | undefined;
  readonly imported: Imported;
} {
  const { content } = useApp();
  const imported = usePeople();
  const [effect, setEffect] = useState<Effect>();
  const { phase, client } = imported;
  const resolved = phase.is === "resolved" ? phase.resolved : undefined;
  const key = JSON.stringify(change);
  useEffect(() => {
    let current = true;
    setEffect(undefined);
    if (!resolved || !client || key === "{}") return;
    const setting = { facts: { ...content.facts, ...change.facts }, roles: change.roles ?? content.roles };
    client.effect(setting).then(
      (found) => current && setEffect(found),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [resolved, key, client]);
  return { people: resolved?.size ?? 0, file: "file" in phase ? phase.file : "", effect, resolved, imported };
}
