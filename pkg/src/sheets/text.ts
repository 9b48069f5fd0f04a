// Text as spreadsheet programs write it: encodings, separators, quotation marks.
import { SheetError } from "./errors.js";
import type { Sheet, SheetRow, TextOptions } from "./sheet.js";

/**
 * The text of a file: by its byte order mark, as UTF-16 by its zero bytes, as UTF-8 if it is valid, else as Windows-1252. The byte order mark is
 * left out.
 *
 * @throws SheetError for bytes that are no text.
 */
export function decodeText(bytes: Uint8Array): string {
  return decoded(bytes).text;
}

/** A text with its encoding: the one that is given, or found. */
function decoded(bytes: Uint8Array, given?: string): { text: string; encoding: string } {
  const encoding = given ?? encodingOf(bytes);
  return { text: createDecoder(encoding).decode(bytes), encoding };
}

/**
 * The encoding of a text that begins with these bytes, which may end within a character if they are not `isAll`.
 *
 * @throws SheetError for bytes that are no text.
 */
export function encodingOf(bytes: Uint8Array, isAll = true): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  const sample = bytes.subarray(0, 65_536);
  const zeros = [0, 0];
  sample.forEach((byte, index) => {
    if (byte === 0) zeros[index % 2]! += 1;
  });
  if (zeros[1]! > sample.length / 4) return "utf-16le";
  if (zeros[0]! > sample.length / 4) return "utf-16be";
  // Control characters other than white space stand in no text of a spreadsheet
  if (sample.some((byte) => byte < 9 || (byte > 13 && byte < 32)))
    throw new SheetError("not-a-table", "it is a binary file; save the sheet as XLSX or CSV");
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: !isAll });
    return "utf-8";
  } catch {
    return "windows-1252";
  }
}

/**
 * A decoder of an encoding. What is invalid in it is an error if it is `fatal`.
 *
 * @throws RangeError for an encoding that does not exist.
 */
export function createDecoder(encoding: string, fatal = false): Pick<TextDecoder, "decode"> {
  if (/^(?:windows-1252|latin1)$/i.test(encoding))
    return { decode: (bytes = EMPTY) => windows1252(bytes as Uint8Array) };
  return new TextDecoder(encoding, { fatal });
}

const EMPTY = new Uint8Array();

/** The characters from 0x80 to 0x9F, which Node.js 20 decodes as controls. */
const HIGH = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";

const windows1252 = (bytes: Uint8Array) =>
  new TextDecoder("latin1").decode(bytes).replace(/[\u0080-\u009f]/g, (char) => HIGH[char.charCodeAt(0) - 0x80]!);

const NAMED = /^sep=(.)(?:\r\n|\n|\r)/i;

/** The table of a text with separators: the given one, else the one that a first line `sep=` names, else the one that splits most lines alike. */
export function sheetOfText(bytes: Uint8Array, given: TextOptions = {}): Sheet {
  const { text, encoding } = decoded(bytes, given.encoding);
  const { separator, body } = separatorOf(text, given.separator);
  return { rows: parse(body, separator), encoding, separator };
}

/** The separator of a text, and the text without the line that names it. */
export function separatorOf(text: string, given?: string): { separator: string; body: string } {
  const [line = "", named] = NAMED.exec(text) ?? [];
  const body = text.slice(line.length);
  return { separator: given ?? named ?? likelySeparator(body), body };
}

function likelySeparator(text: string): string {
  const rated = [",", ";", "\t", "|"].map((separator) => {
    const widths = parse(text.slice(0, 20_000), separator).map(({ cells }) => cells.length);
    const counts = new Map<number, number>();
    for (const width of widths) if (width > 1) counts.set(width, (counts.get(width) ?? 0) + 1);
    return { separator, lines: Math.max(0, ...counts.values()) };
  });
  return rated.reduce((best, one) => (one.lines > best.lines ? one : best)).separator;
}

function parse(text: string, separator: string): SheetRow[] {
  const rows: SheetRow[] = [];
  let at = 0;
  for (const { cells, isOpen } of rowsOf(text, separator)) {
    at++;
    if (!isBlank(cells)) rows.push(isOpen ? { at, cells, problem: "open-quote" } : { at, cells });
  }
  return rows;
}

/** Whether no cell has anything but white space. */
export const isBlank = (cells: readonly string[]): boolean => cells.every((cell) => cell === "" || cell.trim() === "");

/** A row of a text. */
export interface TextRow {
  readonly cells: readonly string[];
  /** Whether it has no quotation mark, and so is a single line. */
  readonly isPlain: boolean;
  /** Whether a quotation mark is not closed. */
  readonly isOpen: boolean;
  /** The place behind the row and its line end. */
  readonly next: number;
  /** Whether the row has a line end, and more text behind it could not make it longer. */
  readonly isEnded: boolean;
}

/**
 * Rows by RFC 4180, with any line ends, also of text that people quoted by hand. Written here, since papaparse takes `"Refund" (all),x` and the
 * rows after it for one cell, and leaves the quotes of `x, "Read, write"` in two cells.
 */
export function* rowsOf(text: string, separator: string): Generator<TextRow, void> {
  const places = { '"': -1, "\n": -1, "\r": -1 };
  /** The next place of a character from `at` on, or the end. Each place is looked for once. */
  const next = (char: keyof typeof places, at: number) => {
    if (places[char] < at) places[char] = text.indexOf(char, at);
    if (places[char] < 0) places[char] = text.length;
    return places[char];
  };
  const lineEnd = (at: number) => Math.min(next("\n", at), next("\r", at));
  for (let at = 0; at < text.length; ) {
    const end = lineEnd(at);
    const isPlain = next('"', at) >= end;
    const row = isPlain
      ? { cells: text.slice(at, end).split(separator), end, isOpen: false }
      : quotedRow(text, at, separator, lineEnd);
    at = row.end + (text[row.end] === "\r" && text[row.end + 1] === "\n" ? 2 : 1);
    // A carriage return at the end of the text may be the first half of a line end
    const isEnded = at < text.length || (at === text.length && text.endsWith("\n"));
    yield { cells: row.cells, isPlain, isOpen: row.isOpen, next: at, isEnded };
  }
}

/** The cells from a place on up to the end of their row, which may be behind line ends between quotation marks. */
function quotedRow(text: string, start: number, separator: string, lineEnd: (at: number) => number) {
  const cells: string[] = [];
  let isOpen = false;
  for (let at = start; ; at++) {
    let [cell, from] = ["", at];
    while (text[from] === " ") from++;
    if (text[from] === '"') {
      const [inner, end] = quotedFrom(text, from + 1);
      isOpen ||= end === undefined;
      [cell, at] = [inner, end ?? text.length];
    }
    const [rest = ""] = text.slice(at, lineEnd(at)).split(separator, 1);
    cells.push(cell + (from < at ? rest.trimEnd() : rest));
    at += rest.length;
    if (text[at] !== separator) return { cells, end: at, isOpen };
  }
}

/** What is between quotation marks, and the place behind the closing one; `undefined` where none closes it. */
function quotedFrom(text: string, start: number): [string, number | undefined] {
  let inner = "";
  for (let at = start; ; ) {
    const end = text.indexOf('"', at);
    if (end < 0) return [inner + text.slice(at), undefined];
    inner += text.slice(at, end);
    if (text[end + 1] !== '"') return [inner, end + 1];
    inner += '"';
    at = end + 2;
  }
}
