// `privet/devtools`: what Privet hides and shows in a page, why, and what other people would see. For development builds.
import type { DevtoolsOptions } from "../devtools/start.js";

export type { DevtoolsOptions } from "../devtools/start.js";

/**
 * Starts the devtools, which are loaded then; returns how to stop them. In production builds (`NODE_ENV` is `production`) and on a server
 * it does nothing, and bundlers leave the devtools out.
 *
 * @example
 * devtools({ people: { Maria: { roles: ["clerk"] } } });
 */
export async function devtools(options: DevtoolsOptions = {}): Promise<() => void> {
  let loading: Promise<{ start(options: DevtoolsOptions): () => void }> | undefined;
  try {
    if (process.env.NODE_ENV !== "production" && typeof document !== "undefined")
      loading = import("../devtools/start.js");
  } catch {
    // a page without a bundler has no `process`, unless it says so
  }
  return (await loading)?.start(options) ?? (() => {});
}
