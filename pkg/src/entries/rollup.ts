// `privet/rollup`: the plugin for Rollup, and for Rolldown.
import { plugins } from "../bundlers/plugin.js";
import type { NamedPlugin, PrivetPluginOptions } from "../bundlers/types.js";

export type { NamedPlugin, PrivetPluginOptions } from "../bundlers/types.js";

/** Compiles the policy documents that are imported, for Rollup, and for Rolldown. */
export default function privet(options: PrivetPluginOptions = {}): NamedPlugin {
  return plugins.rollup(options) as NamedPlugin;
}
