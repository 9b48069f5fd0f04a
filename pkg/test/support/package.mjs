// Imports from the packed and installed package, never from the sources.
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const folder = process.env.PRIVET_INSTALLED;
if (!folder)
  throw new Error("PRIVET_INSTALLED is not set; run these tests by `make test` or `bash scripts/test.sh npm`");
const { resolve } = createRequire(join(folder, "anywhere.js"));

/** What is tested as `privet`: `privet/js` in a second run of the tests of the core. */
const core = process.env.PRIVET_CORE ?? "privet";

/** Imports an entry of the installed package, such as `privet/studio`. */
export const load = (entry) => import(pathToFileURL(resolve(entry === "privet" ? core : entry)).href);

/** The URL of a file of the installed package. */
export const installed = (path) => pathToFileURL(join(folder, "node_modules/privet", path)).href;
