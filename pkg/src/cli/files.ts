// Files, standard input, and the folder that `-o` names.
import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Fault, oneLine, reasonOf } from "./faults.js";

/** The largest file that is read, in bytes. The longest policy within the limits is smaller. */
const MAX_BYTES = 64 * 1024 * 1024;

/** The name of an argument in messages. */
export const nameOf = (path: string): string => (path === "-" ? "standard input" : `\`${oneLine(path)}\``);

/**
 * The bytes of a file, or of standard input for `-`.
 *
 * @throws Fault if it cannot be read, is a folder, or is too large.
 */
export function readBytes(path: string): Buffer {
  const name = nameOf(path);
  try {
    if (path === "-") return readAll(0, name);
    const file = openSync(path, "r");
    try {
      const { size } = fstatSync(file);
      if (size > MAX_BYTES) throw tooLarge(name);
      return readAll(file, name);
    } finally {
      closeSync(file);
    }
  } catch (thrown) {
    if (thrown instanceof Fault) throw thrown;
    throw new Fault(`cannot read ${name}: ${reasonOf(thrown)}; give the path of a file, or \`-\``, "unreadable");
  }
}

const tooLarge = (name: string) =>
  new Fault(`${name} is larger than ${MAX_BYTES / 1024 / 1024} MiB; give a smaller file`, "too-large");

/** The bytes of an open file. A device may have no end, so the limit counts while it is read. */
function readAll(file: number, name: string): Buffer {
  const part = Buffer.allocUnsafe(64 * 1024);
  const parts: Buffer[] = [];
  let size = 0;
  for (;;) {
    const length = readSync(file, part);
    if (length === 0) return Buffer.concat(parts, size);
    size += length;
    if (size > MAX_BYTES) throw tooLarge(name);
    parts.push(Buffer.from(part.subarray(0, length)));
  }
}

/**
 * The text of a file in UTF-8, without a byte order mark.
 *
 * @throws Fault if it is not text in UTF-8, and what {@link readBytes} throws.
 */
export function readText(path: string): string {
  return utf8(readBytes(path), nameOf(path));
}

/** Bytes as text in UTF-8. */
export function utf8(bytes: Uint8Array, name: string): string {
  if (bytes.includes(0)) throw new Fault(`${name} is a binary file; give a text in UTF-8`, "not-text");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Fault(`${name} is not valid UTF-8; save it as UTF-8`, "not-text");
  }
}

/**
 * Writes files into a folder, which is created, and returns their paths.
 *
 * @throws Fault if it cannot be written.
 */
export function writeInto(folder: string, files: Readonly<Record<string, string | Uint8Array>>): string[] {
  return Object.entries(files).map(([name, content]) => writeFile(join(folder, name), content));
}

/** Creates a folder and those above it. `recursive` of `mkdirSync` does not end where a file system has no folders to create, such as /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}

/** Writes one file, and returns its path. */
export function writeFile(path: string, content: string | Uint8Array): string {
  try {
    makeFolder(dirname(path));
    writeFileSync(path, content);
    return path;
  } catch (thrown) {
    throw new Fault(`cannot write ${nameOf(path)}: ${reasonOf(thrown)}; \`-o\` names a folder`, "unwritable");
  }
}
