// A copy of the work tree, in which mutants are built: the files that git has, with what they contain in the work tree.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../../", import.meta.url));
export const tree = join(root, "target/mutants/tree");
export const say = (text) => console.error(`privet: ${text}`);
export const git = (...args) => execFileSync("git", args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 });

/** Copies what has changed, so that cargo builds little; `src` is always as in the work tree afterwards. */
export function copyTree() {
  rmSync(join(tree, "src"), { recursive: true, force: true });
  for (const file of git("ls-files", "-z").split("\0").filter(Boolean)) {
    const [from, to] = [join(root, file), join(tree, file)];
    if (!existsSync(from) || (existsSync(to) && readFileSync(to).equals(readFileSync(from)))) continue;
    mkdirSync(dirname(to), { recursive: true });
    cpSync(from, to, { preserveTimestamps: true });
  }
}

/** A map from what `key` says of the values to those values. */
export function groupBy(values, key) {
  const groups = new Map();
  for (const value of values) groups.set(key(value), [...(groups.get(key(value)) ?? []), value]);
  return groups;
}
