// Spreadsheets as text: encodings and separators as they are found.
import { Fault } from "../faults.js";

/** The text of a spreadsheet: by its byte order mark, as UTF-16 by its zero bytes, as UTF-8 if it is valid, else as Windows-1252. */
export function decodeSheet(bytes: Uint8Array, name: string): string {
  const decode = (encoding: string, fatal = false) => new TextDecoder(encoding, { fatal }).decode(bytes);
  if (bytes.length === 0) throw new Fault(`${name} is empty; give a table with roles and permissions`, "empty");
  if (bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3)
    throw new Fault(`${name} is a workbook; save the sheet as CSV`, "workbook");
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decode("utf-16le");
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return decode("utf-16be");
  const sample = bytes.subarray(0, 4096);
  const zeros = [0, 0];
  sample.forEach((byte, index) => {
    if (byte === 0) zeros[index % 2]! += 1;
  });
  if (zeros[1]! > sample.length / 4) return decode("utf-16le");
  if (zeros[0]! > sample.length / 4) return decode("utf-16be");
  if (sample.includes(0)) throw new Fault(`${name} is a binary file; save the sheet as CSV`, "not-text");
  try {
    return decode("utf-8", true);
  } catch {
    return windows1252(bytes);
  }
}

/** The characters from 0x80 to 0x9F, which Node.js 20 decodes as controls. */
const HIGH = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";

function windows1252(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString("latin1");
  return text.replace(/[\u0080-\u009f]/g, (char) => HIGH[char.charCodeAt(0) - 0x80]!);
}

/** The cells of a text with separators: the one that `sep=` names, else the one that splits most lines alike. */
export function cellsOf(text: string): string[][] {
  const [, named] = /^\ufeff?sep=(.)\r?\n/i.exec(text) ?? [];
  const body = text.replace(/^\ufeff/, "").replace(/^sep=.\r?\n/i, "");
  const rows = parse(body, named ?? separatorOf(body));
  return rows.map((row) => row.map((cell) => cell.replace(/[\s\u00a0\u200b\ufeff]+/g, " ").trim()));
}

function separatorOf(text: string): string {
  const rated = [",", ";", "\t", "|"].map((separator) => {
    const widths = parse(text.slice(0, 20_000), separator).map((row) => row.length);
    const counts = new Map<number, number>();
    for (const width of widths) if (width > 1) counts.set(width, (counts.get(width) ?? 0) + 1);
    return { separator, lines: Math.max(0, ...counts.values()) };
  });
  return rated.reduce((best, one) => (one.lines > best.lines ? one : best)).separator;
}

/**
 * Cells by RFC 4180, also of text that people quoted by hand. Written here, since papaparse takes `"Refund" (all),x` and the rows after it
 * for one cell, and leaves the quotes of `x, "Read, write"` in two cells.
 */
function parse(text: string, separator: string): string[][] {
  const rows: string[][] = [[]];
  let cell = "";
  let isQuoted = false;
  const end = () => {
    rows.at(-1)!.push(cell);
    cell = "";
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (isQuoted) {
      if (char !== '"') cell += char;
      else if (text[at + 1] === '"') {
        cell += '"';
        at++;
      } else isQuoted = false;
    } else if (char === '"' && cell.trim() === "") {
      cell = "";
      isQuoted = true;
    } else if (char === separator) end();
    else if (char === "\n" || char === "\r") {
      if (char === "\r" && text[at + 1] === "\n") at++;
      end();
      rows.push([]);
    } else cell += char;
  }
  end();
  return rows.filter((row) => row.some((one) => one.trim() !== ""));
}
