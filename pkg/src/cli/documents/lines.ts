// People as JSON lines: a file of any size, of which a line at a time is in memory.
import { createReadStream } from "node:fs";
import { Fault, reasonOf } from "../faults.js";
import { nameOf, utf8 } from "../files.js";
import { personOf, type Person } from "./policy.js";

/** The longest line, in bytes. */
const MAX_LINE = 1024 * 1024;
const NEWLINE = 10;

/** A line of the file: a person, or why it is none. */
export type Line = Person | { readonly name: string; readonly fault: string };

/** Whether a file of people has a line for each. Standard input has not. */
export const hasLines = (path: string): boolean => /\.(jsonl|ndjson)$/i.test(path);

/**
 * The people of a file, of standard input for `-`. Empty lines are left out.
 *
 * @throws Fault if it cannot be read, or a line is longer than a mebibyte.
 */
export async function* peopleOfLines(path: string): AsyncGenerator<Line> {
  let number = 0;
  for await (const bytes of linesOf(path)) {
    number++;
    const text = utf8(bytes, `line ${number} of ${nameOf(path)}`);
    if (text.trim() !== "") yield lineOf(text, number);
  }
}

function lineOf(text: string, number: number): Line {
  try {
    return personOf(JSON.parse(text), number);
  } catch {
    return { name: `person ${number}`, fault: `line ${number} is not JSON` };
  }
}

async function* linesOf(path: string): AsyncGenerator<Uint8Array> {
  const stream = path === "-" ? process.stdin : createReadStream(path, { highWaterMark: 1 << 20 });
  const tooLong = () =>
    new Fault(`a line of ${nameOf(path)} is longer than ${MAX_LINE} bytes; write a person in each line`, "too-large");
  let rest: Buffer = Buffer.alloc(0);
  try {
    for await (const part of stream as AsyncIterable<Buffer>) {
      let bytes = rest.length > 0 ? Buffer.concat([rest, part]) : part;
      for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE)) {
        if (end > MAX_LINE) throw tooLong();
        yield bytes.subarray(0, end);
        bytes = bytes.subarray(end + 1);
      }
      if (bytes.length > MAX_LINE) throw tooLong();
      rest = bytes;
    }
  } catch (thrown) {
    if (thrown instanceof Fault || (thrown as NodeJS.ErrnoException).code === undefined) throw thrown;
    throw new Fault(
      `cannot read ${nameOf(path)}: ${reasonOf(thrown)}; give the path of a file, or \`-\``,
      "unreadable",
    );
  }
  if (rest.length > 0) yield rest;
}
