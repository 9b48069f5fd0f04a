// `privet/vite`: the plugin for Vite.
import { plugins } from "../bundlers/plugin.js";
import type { NamedPlugin, PrivetPluginOptions } from "../bundlers/types.js";

export type { NamedPlugin, PrivetPluginOptions } from "../bundlers/types.js";

/** Compiles the policy documents that are imported, for Vite. */
export default function privet(options: PrivetPluginOptions = {}): NamedPlugin {
  return plugins.vite(options) as NamedPlugin;
}
