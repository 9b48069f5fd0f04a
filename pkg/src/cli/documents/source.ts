// A policy as a person names it: a document with the files that it includes, or a pack.
import { realpathSync } from "node:fs";
import { dirname, isAbsolute, join, relative, sep } from "node:path";
import { parse } from "jsonc-parser";
import { Fault, oneLine } from "../faults.js";
import { nameOf, readBytes, utf8 } from "../files.js";
import { isTooDeep } from "../jsonc.js";

/** A policy document with its included files. */
export interface Source {
  readonly kind: "document";
  /** The path as it was given. */
  readonly path: string;
  readonly text: string;
  /** The texts of the included files by their names in `include`. */
  readonly files: Readonly<Record<string, string>>;
}

/** A compiled policy. */
export interface PackSource {
  readonly kind: "pack";
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** The first bytes of a pack. */
const PACK = Buffer.from("PRVT");

/** Reads a file by its path beside a document; `undefined` if there is none. */
export type Reader = (name: string) => Uint8Array | undefined;

/**
 * Reads a policy: a document with the files beside it that it includes, or a pack.
 *
 * @throws Fault if a file cannot be read, or lies outside of the folder of the document.
 */
export function readSource(path: string): Source | PackSource {
  const bytes = readBytes(path);
  if (bytes.subarray(0, PACK.length).equals(PACK)) return { kind: "pack", path, bytes };
  const folder = path === "-" ? "." : dirname(path);
  return sourceOf(path, utf8(bytes, nameOf(path)), (name) => readBeside(folder, name));
}

/**
 * A document from its text, with the files that it includes.
 *
 * @throws Fault for a name outside of the folder of the document.
 */
export function sourceOf(path: string, text: string, read: Reader): Source {
  const files: Record<string, string> = Object.create(null);
  const names = includedNames(text);
  const outside = names.filter(isOutside);
  if (outside.length > 0) {
    const all = outside.map((name) => `\`${oneLine(name)}\``).join(", ");
    throw new Fault(`${INCLUDED.what} ${all} ${outsideOf(INCLUDED, ` ${nameOf(path)}`)}`, "outside");
  }
  for (const name of names) {
    const bytes = read(name);
    // A file that is missing is a diagnostic of the checker, at the place of the include
    if (bytes) files[name] = utf8(bytes, nameOf(name));
  }
  return { kind: "document", path, text, files };
}

/** The names of the files that a document includes, as far as it can be read; also of those that are missing. */
export function includedNames(text: string): string[] {
  if (!/"include"|\\u/.test(text)) return []; // the key may be written with escapes
  if (isTooDeep(text)) return []; // the checker says so
  const document = parse(text) as { include?: unknown } | undefined;
  const names = Array.isArray(document?.include) ? document.include : [];
  return [...new Set(names.filter((name): name is string => typeof name === "string" && name !== ""))];
}

/** A file that another one names: what it is, and what it must be beside. */
export interface Named {
  readonly what: string;
  readonly of: string;
}

const INCLUDED: Named = { what: "included file", of: "the document" };

/**
 * Refuses a name that leaves the folder of the file that has it, so that checking a stranger's files reads nothing else.
 *
 * @throws Fault for such a name.
 */
export function inside(name: string, named: Named): void {
  if (isOutside(name)) throw new Fault(`${named.what} \`${oneLine(name)}\` ${outsideOf(named)}`, "outside");
}

const outsideOf = ({ of }: Named, name = "") =>
  `is outside of the folder of ${of}${name}; move the file beside ${of}, or into a folder below it`;

const isOutside = (name: string): boolean =>
  isAbsolute(name) || /^[A-Za-z]:/.test(name) || name.split(/[/\\]/).includes("..") || name.includes("\0");

/**
 * Reads a file that a document in `folder` includes; `undefined` if there is none.
 *
 * @throws Fault for a symbolic link that leaves the folder.
 */
export function readBeside(folder: string, name: string): Uint8Array | undefined {
  return isBeside(folder, name, INCLUDED) ? readBytes(join(folder, name)) : undefined;
}

/**
 * Whether there is a file of a name in a folder.
 *
 * @throws Fault for a symbolic link that leaves the folder.
 */
export function isBeside(folder: string, name: string, { what, of }: Named): boolean {
  let real: string;
  try {
    real = relative(realpathSync(folder), realpathSync(join(folder, name)));
  } catch {
    return false;
  }
  if (real === ".." || real.startsWith(`..${sep}`) || isAbsolute(real)) {
    const help = "replace the symbolic link by a copy";
    throw new Fault(`${what} \`${oneLine(name)}\` links to a file outside of the folder of ${of}; ${help}`, "outside");
  }
  return true;
}
