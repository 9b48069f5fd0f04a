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
  if (typeof process === "object" && process.env.NODE_ENV !== "production") {
    if (typeof document === "undefined") return () => {};
    const { start } = await import("../devtools/start.js");
    return start(options);
  }
  return () => {};
}
