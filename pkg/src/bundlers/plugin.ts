// The plugin of all bundlers: a document that is imported becomes the module of its compiled policy.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { createUnplugin, type UnpluginContextMeta } from "unplugin";
import { emptyModule, type ModuleOptions } from "../cli/module.js";
import { compileFile, CompileError } from "./compile.js";
import type { PrivetPluginOptions } from "./types.js";

/** The documents that are compiled: `*.privet.jsonc` and `*.privet.json`. */
const DOCUMENT = /\.privet\.jsonc?$/;

/** Node of a module graph of Vite, as far as it is used. */
interface ViteModule {
  readonly id: string | null;
  readonly importers: ReadonlySet<ViteModule>;
  readonly acceptedHmrDeps: ReadonlySet<ViteModule>;
  isSelfAccepting?: boolean;
}

/** Where Vite calls a hook. */
interface ViteContext {
  readonly environment: {
    readonly moduleGraph: { getModulesByFile(file: string): ReadonlySet<ViteModule> | undefined };
  };
}

/** What Vite passes when a file changes. */
interface ViteUpdate {
  readonly file: string;
  readonly modules: readonly ViteModule[];
}

/** The plugin for each bundler. */
export const plugins = createUnplugin((options: PrivetPluginOptions | undefined, meta: UnpluginContextMeta) => {
  const { strip = false, types = true, register = false } = options ?? {};
  /** The files that a document includes, by its path. */
  const included = new Map<string, readonly string[]>();
  let hot: ModuleOptions["hot"];
  if (meta.framework === "webpack" || meta.framework === "rspack") {
    const { options } = (meta.framework === "webpack" ? meta.webpack : meta.rspack).compiler;
    const { devServer } = options as { devServer?: { hot?: unknown } | false };
    if (options.mode === "development" && devServer && devServer.hot !== false) hot = "import.meta.webpackHot";
  }
  return {
    name: "privet",
    enforce: "pre",
    load: {
      filter: { id: DOCUMENT },
      async handler(id) {
        const path = resolve(id);
        this.addWatchFile(path);
        try {
          const { js, dts, files, warnings } = await compileFile(path, { strip, register, hot });
          included.set(path, files);
          for (const file of files) this.addWatchFile(file);
          if (types) writeChanged(types === "nodenext" ? path.replace(/\.(jsonc?)$/, ".d.$1.ts") : `${path}.d.ts`, dts);
          if (warnings) this.warn(warnings);
          return { code: js, map: null, moduleSideEffects: false };
        } catch (thrown) {
          if (!(thrown instanceof CompileError)) throw thrown;
          included.set(path, thrown.files);
          for (const file of thrown.files) this.addWatchFile(file);
          const { file, line, column } = thrown.place;
          const [message = "", ...frame] = thrown.message.split("\n\n");
          // The overlay of Vite shows the excerpt by itself
          const text = hot === "import.meta.hot" ? { message, frame: frame.join("\n\n") } : { message: thrown.message };
          this.error({ ...text, id: file, loc: { file, line, column } });
          return { code: emptyModule(hot), map: null }; // where reporting an error does not end the hook
        }
      },
    },
    vite: {
      configureServer() {
        hot = "import.meta.hot";
      },
      hotUpdate(this: ViteContext, { file, modules }: ViteUpdate) {
        const changed = resolve(file);
        const { moduleGraph } = this.environment;
        const documents = [...included].filter(([path, files]) => path === changed || files.includes(changed));
        const found = documents.flatMap(([path]) => [
          ...(moduleGraph.getModulesByFile(path.replaceAll("\\", "/")) ?? []),
        ]);
        if (found.length === 0) return undefined;
        for (const module of found) {
          // Where every importer accepts the module itself, it is left to them
          const importers = [...module.importers].filter((importer) => importer !== module);
          if (importers.length > 0 && importers.every(({ acceptedHmrDeps }) => acceptedHmrDeps.has(module)))
            module.isSelfAccepting = false;
        }
        return [...new Set([...modules, ...found])];
      },
    },
  };
});

/** Writes a file if its content changes, so that watchers are not woken. */
function writeChanged(path: string, text: string): void {
  if (!existsSync(path) || readFileSync(path, "utf8") !== text) writeFileSync(path, text);
}
