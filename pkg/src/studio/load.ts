import { initSync } from "../../wasm/studio.js";
import { LoadError } from "../core/errors.js";
import { toLocalModule } from "../core/wasm-module.js";
import { Studio } from "./index.js";

/** A source of the studio's module: a URL to fetch, a response of `fetch`, its bytes, or the compiled module. */
export type WasmSource = URL | Response | BufferSource | WebAssembly.Module;

type Awaitable<T> = T | Promise<T>;

/** Creates `studio` for a default source; `read` loads URLs where `fetch` is not sufficient. */
export function createLoader(
  defaultSource: () => Awaitable<WasmSource>,
  read: (url: URL) => Awaitable<WasmSource> = (url) => fetch(url),
) {
  let loading: Promise<Studio> | undefined;
  const load = async (source?: WasmSource) => {
    source ??= await defaultSource();
    initSync({ module: await compile(source instanceof URL ? await read(source) : source) });
    return new Studio();
  };
  const failed = (thrown: unknown): never => {
    loading = undefined; // so that a call after a failed download tries again
    throw new LoadError(thrown);
  };
  return (source?: WasmSource): Promise<Studio> => (loading ??= load(source).catch(failed));
}

async function compile(source: WasmSource): Promise<WebAssembly.Module> {
  if (toLocalModule(source) instanceof WebAssembly.Module) return source as WebAssembly.Module;
  if (!(source instanceof Response)) return WebAssembly.compile(source as BufferSource);
  if (!source.ok) throw new Error(`${source.url} answered ${source.status}`);
  const streams = source.headers.get("content-type") === "application/wasm" && WebAssembly.compileStreaming;
  return streams ? WebAssembly.compileStreaming(source) : WebAssembly.compile(await source.arrayBuffer());
}
