// Reads the people of a file of any size: JSON lines, or a table with a row for each person. Only a part of the file is in memory at a time.
import { createReadStream } from "node:fs";
import { SheetError, streamRows } from "privet/sheets";
import type { PolicyDescription } from "privet/studio";
import { Fault, reasonOf } from "../faults.js";
import { nameOf, noteInput, utf8 } from "../files.js";
import { parseLine } from "../jsonc.js";
import { personOf, type Line } from "./policy.js";
import { tableReader } from "./people-table.js";

/** The longest line, in bytes. */
const MAX_LINE = 1024 * 1024;
const NEWLINE = 10;

/** Whether a file has a line for each person, by the ending of its name. Standard input has no name, so it is read whole. */
export const hasLines = (path: string): boolean => /\.(jsonl|ndjson|csv|tsv)$/i.test(path);

/**
 * Reads the people of a file with a line for each ({@link hasLines}), and gives them in parts. Empty lines are left out. `warn` gets warnings
 * about the whole file, such as columns that name nothing.
 *
 * @throws Fault if it cannot be read, or a line is longer than a mebibyte.
 */
export async function* peopleOfLines(
  path: string,
  describe: () => PolicyDescription,
  warn: (text: string) => void,
): AsyncGenerator<readonly Line[]> {
  if (/\.(csv|tsv)$/i.test(path)) return yield* peopleOfTable(path, describe(), warn);
  let number = 0;
  for await (const lines of linesOf(path)) {
    yield lines.flatMap((bytes) => {
      number++;
      const text = utf8(bytes, `line ${number} of ${nameOf(path)}`);
      return text.trim() === "" ? [] : [lineOf(text, number)];
    });
  }
}

function lineOf(text: string, number: number): Line {
  try {
    const person = personOf(parseLine(text, "it"), number);
    return { ...person, line: number, key: JSON.stringify(person.subject) };
  } catch (thrown) {
    if (!(thrown instanceof Fault || thrown instanceof RangeError)) throw thrown;
    const fault = thrown instanceof Fault ? thrown.message.replace("at line 1, ", "at ") : "it is nested too deeply";
    return { name: `person ${number}`, line: number, fault };
  }
}

async function* peopleOfTable(
  path: string,
  described: PolicyDescription,
  warn: (text: string) => void,
): AsyncGenerator<readonly Line[]> {
  let read: ReturnType<typeof tableReader> | undefined;
  try {
    for await (const rows of streamRows(partsOf(path))) {
      const [header, ...others] = rows;
      if (header === undefined) continue;
      const people = read === undefined ? others : rows;
      read ??= tableReader(header.cells, described, nameOf(path), warn);
      yield people.map(read);
    }
  } catch (thrown) {
    if (!(thrown instanceof SheetError)) throw thrown;
    throw new Fault(`cannot read ${nameOf(path)}: ${thrown.message}`, "unreadable");
  }
}

/** The lines that end in each part of a file. */
async function* linesOf(path: string): AsyncGenerator<Uint8Array[]> {
  const tooLong = () =>
    new Fault(`a line of ${nameOf(path)} is longer than ${MAX_LINE} bytes; write a person in each line`, "too-large");
  let rest: Buffer = Buffer.alloc(0);
  for await (const part of partsOf(path)) {
    let bytes = rest.length > 0 ? Buffer.concat([rest, part]) : part;
    const lines: Uint8Array[] = [];
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE)) {
      if (end > MAX_LINE) throw tooLong();
      lines.push(bytes.subarray(0, end));
      bytes = bytes.subarray(end + 1);
    }
    if (bytes.length > MAX_LINE) throw tooLong();
    rest = bytes;
    yield lines;
  }
  if (rest.length > 0) yield [rest];
}

async function* partsOf(path: string): AsyncGenerator<Buffer> {
  try {
    noteInput(path);
    yield* createReadStream(path, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === undefined) throw thrown;
    throw new Fault(`cannot read ${nameOf(path)}: ${reasonOf(thrown)}; give the path of a file`, "unreadable");
  }
}
