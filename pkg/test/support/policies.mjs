// The core, the studio and the opened built-in policies, for the tests that need all of them.
import { load } from "./package.mjs";

export const privet = await load("privet");
export const tools = await (await load("privet/studio")).studio();
/** The built-in policies by id. */
export const builtIn = {};
for (const id of ["contact", "dotdigital", "vicidial"])
  builtIn[id] = privet.open((await load(`privet/policies/${id}`)).pack);

/** Opens a built-in policy by its id, or compiles and opens a document. */
export const openPolicy = (policy) =>
  typeof policy === "string" ? builtIn[policy] : privet.open(tools.compile(policy));
