import type { Subject } from "privet";
import type { Meaning } from "./mapping.js";
import type { WorkerResponse, WorkerRequest, WhoCan, TablePreview, Resolved } from "./protocol.js";

/** Client of the worker that holds the people. `stop` terminates it and cancels pending requests. */
export interface PeopleClient {
  read(file: File | { readonly sample: number }, pack: Uint8Array): Promise<TablePreview>;
  resolve(meanings: readonly Meaning[], onProgress: (done: number, all: number) => void): Promise<Resolved>;
  who(operation: string): Promise<WhoCan>;
  person(row: number): Promise<{ name: string; subject: Subject }>;
  export(what: "everything" | "errors" | { readonly who: string }): Promise<Blob>;
  stop(): void;
}

interface Pending {
  resolve(result: unknown): void;
  reject(error: Error): void;
  onProgress?: (done: number, all: number) => void;
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
  worker.onerror = ({ message }) => {
    for (const request of pending.values()) request.reject(new Error(message));
    pending.clear();
  };
  const send = <T>(request: WorkerRequest, onProgress?: Pending["onProgress"]) =>
    new Promise<T>((resolve, reject) => {
      pending.set(++last, { resolve: resolve as (result: unknown) => void, reject, ...(onProgress && { onProgress }) });
      worker.postMessage({ id: last, request });
    });
  return {
    read: (file, pack) => send({ type: "read", file, pack }),
    resolve: (meanings, onProgress) => send({ type: "resolve", meanings }, onProgress),
    who: (operation) => send({ type: "who", operation }),
    person: (row) => send({ type: "person", row }),
    export: (what) => send({ type: "export", what }),
    stop: () => worker.terminate(),
  };
}

/** Saves a blob as a file; nothing is uploaded. */
export function download(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
