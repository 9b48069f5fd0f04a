// The types of the plugins for each bundler, without the bundlers' own types, of which an application has one.
/** Options of the build plugins. */
export interface PrivetPluginOptions {
  /**
   * Whether packs are without their documents and reasons: they decide, and explain nothing. Such a pack is all that a front end needs to
   * show and hide, and is much smaller. By default packs have both.
   */
  readonly strip?: boolean;
  /**
   * Whether declarations with the ids as types are written beside each imported document. By default they are, as
   * `NAME.privet.jsonc.d.ts`, which TypeScript finds without configuration where `moduleResolution` is `bundler`. With `"nodenext"` they
   * are `NAME.privet.d.jsonc.ts`, which TypeScript finds there with `allowArbitraryExtensions`.
   */
  readonly types?: boolean | "nodenext";
  /**
   * Whether those declarations also register the policy as that of the application: then the hooks and components of the adapters accept
   * its ids alone. For applications with one policy. By default they do not.
   */
  readonly register?: boolean;
}

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
