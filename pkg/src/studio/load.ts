import { InvalidOptionsError, LoadError } from "../core/errors.js";
import { oneOf } from "../core/ids.js";
import { toLocalModule } from "../core/wasm-module.js";
import type { AnySchema, Schema } from "../core/types.js";
import { Studio } from "./index.js";
import { Instance } from "./instance.js";
import type { Wording } from "./types.js";
import { isPlain } from "./wire.js";

/** A source of the studio's module: a URL to fetch, a response of `fetch`, its bytes, or the compiled module. */
export type WasmSource = URL | Response | BufferSource | WebAssembly.Module;

/** Where the studio's module is, and how the studio words its answers. */
export interface StudioOptions<S extends Schema = AnySchema> extends Wording<S> {
  /** The module, where it cannot be located. It is loaded once. */
  readonly source?: WasmSource | undefined;
}

const OPTIONS: readonly (keyof StudioOptions)[] = ["source", "messages", "labels"];

/** A source that is passed alone. `WebAssembly.Module` is an empty type, so misspelt options would be taken for one. */
type SourceAlone = WasmSource & { readonly [key in keyof StudioOptions]?: never };

type Awaitable<T> = T | Promise<T>;

/** Creates `studio` for a default source; `read` loads URLs where `fetch` is not sufficient. */
export function createLoader(
  defaultSource: () => Awaitable<WasmSource>,
  read: (url: URL) => Awaitable<WasmSource> = (url) => fetch(url),
) {
  let loading: Promise<WebAssembly.Module> | undefined;
  let running: { readonly instance: Instance; readonly english: Studio } | undefined;
  const load = async (source?: WasmSource) => {
    source ??= await defaultSource();
    return compile(source instanceof URL ? await read(source) : source);
  };
  const failed = (thrown: unknown): never => {
    loading = undefined; // so that a call after a failed download tries again
    throw new LoadError(thrown);
  };
  const start = (module: WebAssembly.Module) => {
    try {
      const instance = new Instance(module);
      return { instance, english: new Studio(instance) };
    } catch (thrown) {
      return failed(thrown);
    }
  };
  return async <S extends Schema = AnySchema>(options?: SourceAlone | StudioOptions<S>): Promise<Studio> => {
    const { source, messages, labels, ...others }: StudioOptions = isPlain(options ?? {})
      ? ((options ?? {}) as StudioOptions)
      : { source: options as WasmSource };
    const [unknown] = Object.keys(others);
    if (unknown !== undefined) {
      const help = `${oneOf(OPTIONS)} can be given`;
      throw new InvalidOptionsError("invalid-options", `unknown option \`${unknown}\`; ${help}`, unknown);
    }
    loading ??= load(source).catch(failed);
    const module = await loading;
    if (!running || running.instance.hasStopped) running = start(module);
    return messages || labels ? new Studio(running.instance, { messages, labels }) : running.english;
  };
}

async function compile(source: WasmSource): Promise<WebAssembly.Module> {
  if (toLocalModule(source) instanceof WebAssembly.Module) return source as WebAssembly.Module;
  // Jest's jsdom has no Response
  if (typeof Response === "undefined" || !(source instanceof Response))
    return WebAssembly.compile(source as BufferSource);
  if (!source.ok) throw new Error(`${source.url} answered ${source.status}`);
  const streams = source.headers.get("content-type") === "application/wasm" && WebAssembly.compileStreaming;
  return streams ? WebAssembly.compileStreaming(source) : WebAssembly.compile(await source.arrayBuffer());
}
