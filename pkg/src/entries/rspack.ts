// `privet/rspack`: the plugin for Rspack.
import { plugins } from "../bundlers/plugin.js";
import type { CompilerPlugin, PrivetPluginOptions } from "../bundlers/types.js";

export type { CompilerPlugin, PrivetPluginOptions } from "../bundlers/types.js";

/** Compiles the policy documents that are imported, for Rspack. */
export default function privet(options: PrivetPluginOptions = {}): CompilerPlugin {
  return plugins.rspack(options) as CompilerPlugin;
}
