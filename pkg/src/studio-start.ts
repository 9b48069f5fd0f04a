import { initSync } from "../wasm/studio.js";
import { LoadError } from "./errors.js";
import { ours } from "./realm.js";
import { Studio } from "./studio.js";

/** Where the studio's module comes from: an address to read, an answer of `fetch`, its bytes, or the module itself. */
export type WasmSource = URL | Response | BufferSource | WebAssembly.Module;

type Awaitable<T> = T | Promise<T>;

/** `studio` with a module of its own; `read` is how an address is read where `fetch` is not enough. */
export function loader(
  own: () => Awaitable<WasmSource>,
  read: (url: URL) => Awaitable<WasmSource> = (url) => fetch(url),
) {
  let loading: Promise<Studio> | undefined;
  const load = async (given?: WasmSource) => {
    const source = given ?? (await own());
    initSync({ module: await compiled(source instanceof URL ? await read(source) : source) });
    return new Studio();
  };
  const failed = (thrown: unknown): never => {
    loading = undefined; // so that a call after a failed download tries again
    throw new LoadError(thrown);
  };
  return (source?: WasmSource): Promise<Studio> => (loading ??= load(source).catch(failed));
}

async function compiled(source: WasmSource): Promise<WebAssembly.Module> {
  if (ours(source) instanceof WebAssembly.Module) return source as WebAssembly.Module;
  if (!(source instanceof Response)) return WebAssembly.compile(source as BufferSource);
  if (!source.ok) throw new Error(`${source.url} answered ${source.status}`);
  const streams = source.headers.get("content-type") === "application/wasm" && WebAssembly.compileStreaming;
  return streams ? WebAssembly.compileStreaming(source) : WebAssembly.compile(await source.arrayBuffer());
}
