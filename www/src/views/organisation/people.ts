import type { Subject } from "privet";
import type { Meaning } from "./mapping.js";
import type { Answer, Asked, Listed, Outlined, Resolved } from "./protocol.js";

/** People in a worker: ends with `stop`, which also cancels what is under way. */
export interface Staff {
  read(file: File | { readonly sample: number }, pack: Uint8Array): Promise<Outlined>;
  resolve(meanings: readonly Meaning[], onProgress: (done: number, all: number) => void): Promise<Resolved>;
  who(operation: string): Promise<Listed>;
  person(row: number): Promise<{ name: string; subject: Subject }>;
  export(what: "everything" | "errors" | { readonly who: string }): Promise<Blob>;
  stop(): void;
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
  onProgress?: (done: number, all: number) => void;
}

export function hire(): Staff {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  const waiting = new Map<number, Waiting>();
  let last = 0;
  worker.onmessage = ({ data }: MessageEvent<Answer>) => {
    const asked = waiting.get(data.id);
    if ("done" in data) return asked?.onProgress?.(data.done, data.all);
    waiting.delete(data.id);
    if ("error" in data) asked?.reject(new Error(data.error));
    else asked?.resolve(data.result);
  };
  worker.onerror = ({ message }) => {
    for (const asked of waiting.values()) asked.reject(new Error(message));
    waiting.clear();
  };
  const ask = <T>(asked: Asked, onProgress?: Waiting["onProgress"]) =>
    new Promise<T>((resolve, reject) => {
      waiting.set(++last, { resolve: resolve as (result: unknown) => void, reject, ...(onProgress && { onProgress }) });
      worker.postMessage({ id: last, asked });
    });
  return {
    read: (file, pack) => ask({ ask: "read", file, pack }),
    resolve: (meanings, onProgress) => ask({ ask: "resolve", meanings }, onProgress),
    who: (operation) => ask({ ask: "who", operation }),
    person: (row) => ask({ ask: "person", row }),
    export: (what) => ask({ ask: "export", what }),
    stop: () => worker.terminate(),
  };
}

/** Hands a file to the user, without anything leaving the browser. */
export function download(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
