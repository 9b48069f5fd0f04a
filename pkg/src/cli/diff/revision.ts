// A version of a policy: a file, or a file of a git revision.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path/posix";
import { readSource, sourceOf, type PackSource, type Source } from "../documents/source.js";
import { Fault, oneLine } from "../faults.js";
import { utf8 } from "../files.js";

/**
 * Reads a version: a path, or `REVISION:PATH`. The files that a document of a revision includes are read from the revision.
 *
 * @throws Fault if there is no such file or revision.
 */
export function versionFrom(text: string): Source | PackSource {
  const [, revision = "", path = ""] = /^([^:]{2,}):(.+)$/.exec(text) ?? [];
  if (path === "" || existsSync(text)) return readSource(text);
  if (revision.startsWith("-"))
    throw new Fault(`\`${oneLine(revision)}\` is no revision; give a branch, a tag or a commit`);
  const file = path.replaceAll("\\", "/");
  const content = show(revision, file);
  if (content instanceof Fault) throw content;
  return sourceOf(text, utf8(content, `\`${oneLine(text)}\``), (name) => {
    const included = show(revision, join(dirname(file), name));
    return included instanceof Fault ? undefined : included;
  });
}

/** The bytes of a file in a revision. Paths are relative to the present folder, as those of other arguments. */
function show(revision: string, path: string): Buffer | Fault {
  const place = path.startsWith("/") ? path : `./${path}`;
  try {
    return execFileSync("git", ["show", "--no-textconv", `${revision}:${place}`], {
      maxBuffer: 64 * 1024 * 1024,
      stdio: ["ignore", "pipe", "pipe"],
    });
  } catch (thrown) {
    const { code, stderr } = thrown as NodeJS.ErrnoException & { stderr?: Buffer };
    if (code === "ENOENT") return new Fault("git is not installed; install it, or give two files", "no-git");
    const reason = oneLine(String(stderr ?? ""))
      .replace(/^fatal: /, "")
      .replace(/^[A-Z]/, (letter) => letter.toLowerCase());
    return new Fault(
      `cannot read \`${oneLine(`${revision}:${path}`)}\` by git: ${reason || "git failed"}; give REVISION:PATH, or a file`,
      "no-revision",
    );
  }
}
