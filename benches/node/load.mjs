// Imports the packed Privet package and its dependency jose as a user's project would, and the other engines from this folder.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

const installed = createRequire(join(process.env.PRIVET_INSTALLED, "anywhere.js"));

export const load = (name) =>
  import(/^(privet|jose)($|\/)/.test(name) ? pathToFileURL(installed.resolve(name)).href : name);

/** The folder of the installed package. */
export const packed = dirname(installed.resolve("privet/package.json"));
