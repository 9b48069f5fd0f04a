import type { Subject } from "privet";
import type { Language } from "../../text/index.js";
import type { Meaning } from "./mapping.js";
import type { Reading } from "./table.js";
import type {
  Checked,
  Effect,
  Exported,
  Listed,
  Named,
  OpenedPerson,
  Page,
  Resolved,
  Setting,
  TablePreview,
  VersionEffect,
  WhoCan,
  WorkerRequest,
  WorkerResponse,
} from "./protocol.js";

type OnProgress = (done: number, all: number) => void;

/** Client of the worker that holds the people. `stop` ends it and cancels what is pending. */
export interface PeopleClient {
  read(
    file: Blob | { readonly sample: number },
    pack: Uint8Array,
    language: Language,
    reading: Reading,
  ): Promise<TablePreview>;
  check(meanings: readonly Meaning[]): Promise<Checked>;
  replace(column: number, value: string, by: string): Promise<void>;
  resolve(
    meanings: readonly Meaning[],
    setting: Setting,
    opened: readonly OpenedPerson[],
    onProgress: OnProgress,
  ): Promise<Resolved>;
  effect(setting: Setting): Promise<Effect>;
  /** What two versions of the policy, as packs, make of the people. It replaces a comparison that is under way, which is rejected. */
  versions(before: Uint8Array, after: Uint8Array, onProgress: OnProgress): Promise<VersionEffect>;
  stopVersions(): Promise<void>;
  who(operation: string): Promise<WhoCan>;
  members(access: string): Promise<Named[]>;
  person(row: number): Promise<{ name: string; subject: Subject }>;
  /** People whose names match, without those whose rows have problems. */
  list(page: Page): Promise<Listed>;
  export(what: Exported, groups: { readonly [access: string]: string }): Promise<Blob>;
  stop(): void;
}

interface Pending {
  resolve(result: unknown): void;
  reject(error: Error): void;
  onProgress?: OnProgress;
}

export function createClient(): PeopleClient {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  const pending = new Map<number, Pending>();
  let last = 0;
  worker.onmessage = ({ data }: MessageEvent<WorkerResponse>) => {
    const request = pending.get(data.id);
    if ("done" in data) return request?.onProgress?.(data.done, data.all);
    pending.delete(data.id);
    if ("error" in data) request?.reject(new Error(data.error));
    else request?.resolve(data.result);
  };
  const fail = (message: string) => {
    for (const request of pending.values()) request.reject(new Error(message));
    pending.clear();
  };
  worker.onerror = ({ message }) => fail(message);
  const send = <T>(request: WorkerRequest, onProgress?: OnProgress) =>
    new Promise<T>((resolve, reject) => {
      pending.set(++last, { resolve: resolve as (result: unknown) => void, reject, ...(onProgress && { onProgress }) });
      worker.postMessage({ id: last, request });
    });
  return {
    read: (file, pack, language, reading) => send({ type: "read", file, pack, language, reading }),
    check: (meanings) => send({ type: "check", meanings }),
    replace: (column, value, by) => send({ type: "replace", column, value, by }),
    resolve: (meanings, setting, opened, onProgress) =>
      send({ type: "resolve", meanings, setting, opened }, onProgress),
    effect: (setting) => send({ type: "effect", setting }),
    versions: (before, after, onProgress) => send({ type: "versions", before, after }, onProgress),
    stopVersions: () => send({ type: "stop-versions" }),
    who: (operation) => send({ type: "who", operation }),
    members: (access) => send({ type: "members", access }),
    person: (row) => send({ type: "person", row }),
    list: (page) => send({ type: "list", ...page }),
    export: (what, groups) => send({ type: "export", what, groups }),
    stop: () => worker.terminate(),
  };
}
