// Files, standard input, and the folder that `-o` names.
import {
  type BigIntStats,
  chmodSync,
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { Fault, oneLine, reasonOf } from "./faults.js";

/** The largest file that is read, in bytes. The longest policy within the limits is smaller. */
const MAX_BYTES = 64 * 1024 * 1024;

/** The files that this run reads, by their identity: a file that is written never takes the place of one of them. */
const inputs = new Set<string>();
const identityOf = ({ dev, ino }: BigIntStats) => `${dev}:${ino}`;

/** Says that a file is read, so that it is not replaced. */
export function noteInput(path: string): void {
  try {
    inputs.add(identityOf(statSync(path, { bigint: true })));
  } catch {
    // What is wrong with it is told when it is read
  }
}

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
      const stats = fstatSync(file, { bigint: true });
      if (stats.size > MAX_BYTES) throw tooLarge(name);
      inputs.add(identityOf(stats));
      return readAll(file, name);
    } finally {
      closeSync(file);
    }
  } catch (thrown) {
    if (thrown instanceof Fault) throw thrown;
    throw new Fault(`cannot read ${name}: ${reasonOf(thrown)}; give the path of a file`, "unreadable");
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

/** What is written. */
export interface Written {
  /** What to do where it cannot be written. */
  readonly help?: string;
  /** Whether it is a policy document. No other file takes the name of one. */
  readonly isDocument?: boolean;
  /** Whether it is an input with changes. */
  readonly isEdit?: boolean;
}

/**
 * Writes files into a folder, which is created, and returns their paths: all of them, or none if one cannot be written.
 *
 * @throws Fault if they cannot be written.
 */
export function writeInto(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
  written: Written = {},
): string[] {
  return writeAll(
    Object.entries(files).map(([name, content]) => ({ path: join(folder, name), content })),
    written,
  );
}

/** Writes one file, and returns its path. */
export function writeFile(path: string, content: string | Uint8Array, written: Written = {}): string {
  writeAll([{ path, content }], written);
  return path;
}

function writeAll(files: readonly { path: string; content: string | Uint8Array }[], written: Written): string[] {
  const pending: PendingFile[] = [];
  try {
    for (const { path, content } of files) {
      const file = new PendingFile(path, written);
      pending.push(file);
      file.attempt(() => writeFileSync(file.path, content));
    }
    for (const file of pending) file.commit();
  } finally {
    for (const file of pending) file.discard();
  }
  return files.map(({ path }) => path);
}

/** Creates a folder and those above it. `recursive` of `mkdirSync` does not end where a file system has no folders to create, such as /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}

/** Distinguishes the files that one run is writing. */
let count = 0;

/**
 * A file that gets its name when it is whole. Until then it is a temporary one beside its place, so that a run that fails leaves what
 * was there.
 */
export class PendingFile {
  /** Where to write until {@link commit}. */
  readonly path: string;
  readonly #wanted: string;
  /** The place that it takes; `undefined` for a device, such as /dev/stdout, which is written directly. */
  readonly #target: string | undefined;
  readonly #mode: number | undefined;
  readonly #written: Written;
  #isPending = true;

  /**
   * @throws Fault for a folder, an input of the run, a policy document, and a place without a folder.
   */
  constructor(wanted: string, written: Written) {
    this.#wanted = wanted;
    this.#written = written;
    const known = this.attempt(() => {
      makeFolder(dirname(wanted));
      return statSync(wanted, { bigint: true, throwIfNoEntry: false });
    });
    if (known?.isDirectory()) throw this.#fault("it is a folder");
    if (known && inputs.has(identityOf(known)) && !written.isEdit)
      throw this.#fault("this command reads it", "give another place");
    if (/\.privet\.jsonc?$/i.test(wanted) && !written.isDocument)
      throw this.#fault("names with this ending are those of policy documents", "give another name");
    this.#mode = known && Number(known.mode) & 0o7777;
    this.#target = known && !known.isFile() ? undefined : known ? realpathSync(wanted) : wanted;
    this.path =
      this.#target === undefined ? wanted : join(dirname(this.#target), `.privet-${process.pid}-${++count}.tmp`);
  }

  /** Does a part of the writing; what the system reports becomes a fault with the name of the file. */
  attempt<T>(part: () => T): T {
    try {
      return part();
    } catch (thrown) {
      throw this.failed(thrown);
    }
  }

  /** The fault for what the system reports. */
  failed(thrown: unknown): Fault {
    const { code } = thrown as NodeJS.ErrnoException;
    return this.#fault(code === "ENOENT" ? "there can be no such folder" : reasonOf(thrown));
  }

  #fault(reason: string, help = this.#written.help ?? "`-o` names a folder"): Fault {
    return new Fault(`cannot write ${nameOf(this.#wanted)}: ${reason}; ${help}`, "unwritable");
  }

  /** Gives it its name. */
  commit(): void {
    const target = this.#target;
    if (target !== undefined)
      this.attempt(() => {
        if (this.#mode !== undefined) chmodSync(this.path, this.#mode);
        renameSync(this.path, target);
      });
    this.#isPending = false;
  }

  /** Removes what was written, if it has no name yet. */
  discard(): void {
    if (this.#isPending && this.#target !== undefined) rmSync(this.path, { force: true });
  }
}
