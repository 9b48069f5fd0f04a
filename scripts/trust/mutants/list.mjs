// The mutants of the Rust library, as cargo-mutants lists them, in the order of a seed: a part of them is a random sample, and the next part continues it.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { root } from "./tree.mjs";

export const MODULES = ["engine", "pack", "session", "check", "compile", "bdd", "studio"];
const SEED = process.env.MUTANTS_SEED ?? "privet";

/**
 * All mutants, in order. A mutant is named by its place in the text of its function, not by its line. `span` is what `replacement` stands in place of;
 * `within` is its function (nothing for a constant), by its place and what it returns.
 */
export function mutants() {
  const tool = execFileSync("bash", ["scripts/tools.sh", "cargo-mutants"], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  const files = MODULES.flatMap((name) => ["-f", `src/${name}/**`]);
  const listed = execFileSync(tool.trim(), ["mutants", "--list", "--json", "-d", root, ...files], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  const seen = new Map();
  return JSON.parse(listed)
    .map(({ name, file, span, replacement, function: within }) => {
      const what = `${file}: ${name.replace(/^[^ ]+:\d+:\d+: /, "")}`;
      const base = within && !what.includes(within.function_name) ? `${what} in ${within.function_name}` : what;
      const count = seen.get(base) ?? 0;
      seen.set(base, count + 1);
      const id = count === 0 ? base : `${base} (${count + 1})`;
      const at = createHash("sha256").update(`${SEED} ${id}`).digest("hex");
      return { id, name, file, span, replacement, within, module: file.split("/")[1], at };
    })
    .sort((a, b) => (a.at < b.at ? -1 : 1));
}
