// `privet/esbuild`: the plugin for esbuild.
import { plugins } from "../bundlers/plugin.js";
import type { EsbuildPlugin, PrivetPluginOptions } from "../bundlers/types.js";

export type { EsbuildPlugin, PrivetPluginOptions } from "../bundlers/types.js";

/** Compiles the policy documents that are imported, for esbuild. */
export default function privet(options: PrivetPluginOptions = {}): EsbuildPlugin {
  return plugins.esbuild(options) as EsbuildPlugin;
}
