// The types of the plugins for each bundler, without the bundlers' own types, of which an application has one.
export type { PrivetPluginOptions } from "./plugin.js";

/** A plugin of Vite, Rollup or Rolldown. */
export interface NamedPlugin {
  name: string;
}

/** A plugin of esbuild. */
export interface EsbuildPlugin {
  name: string;
  // biome-ignore lint/suspicious/noExplicitAny: the bundler's own type
  setup(build: any): void | Promise<void>;
}

/** A plugin of webpack or Rspack. */
export interface CompilerPlugin {
  // biome-ignore lint/suspicious/noExplicitAny: the bundler's own type
  apply(compiler: any): void;
}
