// `privet/webpack`: the plugin for webpack.
import { plugins } from "../bundlers/plugin.js";
import type { CompilerPlugin, PrivetPluginOptions } from "../bundlers/types.js";

export type { CompilerPlugin, PrivetPluginOptions } from "../bundlers/types.js";

/** Compiles the policy documents that are imported, for webpack. */
export default function privet(options: PrivetPluginOptions = {}): CompilerPlugin {
  return plugins.webpack(options) as CompilerPlugin;
}
