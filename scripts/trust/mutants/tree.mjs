// A copy of the work tree, in which mutants are built: the files that git has, with what they contain in the work tree.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../../", import.meta.url));
export const tree = join(root, "target/mutants/tree");
export const say = (text) => console.error(`privet: ${text}`);
export const git = (...args) => execFileSync("git", args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 });

const isEqual = (file, text) => existsSync(file) && readFileSync(file, "utf8") === text;

/** Copies what has changed outside of `src`, so that cargo builds little. */
export function copyTree() {
  for (const file of git("ls-files", "-z").split("\0").filter(Boolean)) {
    const [from, to] = [join(root, file), join(tree, file)];
    if (file.startsWith("src/") || !existsSync(from) || (existsSync(to) && readFileSync(to).equals(readFileSync(from))))
      continue;
    mkdirSync(dirname(to), { recursive: true });
    cpSync(from, to, { preserveTimestamps: true });
  }
}

/** Makes `src` that of the work tree, but for the files whose text `changed` has. What is so already is not written, so that cargo sees no change. */
export function writeSources(changed) {
  const files = git("ls-files", "-z", "src")
    .split("\0")
    .filter((file) => file && existsSync(join(root, file)));
  mkdirSync(join(tree, "src"), { recursive: true });
  for (const file of readdirSync(join(tree, "src"), { recursive: true, withFileTypes: true })) {
    const path = join(file.parentPath ?? file.path, file.name);
    if (file.isFile() && !files.includes(relative(tree, path))) rmSync(path);
  }
  for (const file of files) {
    const [to, text] = [join(tree, file), changed.get(file) ?? readFileSync(join(root, file), "utf8")];
    if (isEqual(to, text)) continue;
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, text);
  }
}

/** A map from what `key` says of the values to those values. */
export function groupBy(values, key) {
  const groups = new Map();
  for (const value of values) groups.set(key(value), [...(groups.get(key(value)) ?? []), value]);
  return groups;
}
