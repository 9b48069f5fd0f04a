// Text with separators of any size, of which a part at a time is in memory.
import { SheetError } from "./errors.js";
import type { TextOptions } from "./sheet.js";
import { createDecoder, encodingOf, isBlank, rowsOf, separatorOf } from "./text.js";

/** A row with at least one cell that is not empty. */
export interface StreamedRow {
  /** The number of its first line, from 1. */
  readonly line: number;
  /** The texts of the cells as they stand. */
  readonly cells: readonly string[];
  /** `open-quote`: a quotation mark is not closed. */
  readonly problem?: "open-quote";
}

/** Bytes from which encoding and separator are found. */
const SAMPLE = 65_536;
/** The longest row, in characters. */
const MAX_ROW = 1024 * 1024;

/**
 * Reads a text with separators (CSV, TSV) of any size: the rows of each part, in order. Encoding and separator are found as by `readSheets`,
 * from the beginning of the text.
 *
 * @throws SheetError for a text that is empty or no table, for a row longer than a mebibyte, and for bytes that are not of the
 * encoding.
 * @throws RangeError for an encoding that does not exist.
 * @example
 * for await (const rows of streamRows(createReadStream("people.csv")))
 *   for (const { line, cells } of rows) console.log(line, cells); // 1 ["name", "roles"]
 */
export async function* streamRows(
  parts: AsyncIterable<Uint8Array>,
  options: TextOptions = {},
): AsyncGenerator<readonly StreamedRow[], void> {
  const reader = new RowReader(options);
  let sample: Uint8Array | undefined;
  for await (const part of parts) {
    if (reader.isStarted) yield reader.read(part, false);
    else {
      sample = sample === undefined ? part : joined(sample, part);
      if (sample.length < SAMPLE) continue;
      reader.start(sample, false);
      yield reader.read(sample, false);
    }
  }
  if (reader.isStarted) return yield reader.read(new Uint8Array(), true);
  if (sample === undefined || sample.length === 0) throw new SheetError("empty", "it is empty; give a table");
  reader.start(sample, true);
  yield reader.read(sample, true);
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}

class RowReader {
  #encoding = "";
  #decoder: Pick<TextDecoder, "decode"> | undefined;
  #separator: string | undefined;
  /** The text behind the last row. */
  #rest = "";
  #line = 1;

  constructor(readonly options: TextOptions) {}

  get isStarted(): boolean {
    return this.#decoder !== undefined;
  }

  /** Finds the encoding from the first bytes of the text. */
  start(sample: Uint8Array, isAll: boolean): void {
    this.#encoding = this.options.encoding ?? encodingOf(sample, isAll);
    this.#decoder = createDecoder(this.#encoding, true);
  }

  /** The rows that end in this part. */
  read(bytes: Uint8Array, isLast: boolean): StreamedRow[] {
    let text = this.#rest + this.#decode(bytes, isLast);
    if (this.#separator === undefined) {
      const { separator, body } = separatorOf(text, this.options.separator);
      if (body.length < text.length) this.#line++;
      this.#separator = separator;
      text = body;
    }
    const found: StreamedRow[] = [];
    let start = 0;
    for (const { cells, isPlain, isOpen, next, isEnded } of rowsOf(text, this.#separator)) {
      if (!isLast && (isOpen || !isEnded)) break;
      if (!isBlank(cells)) {
        const row = { line: this.#line, cells };
        found.push(isOpen ? { ...row, problem: "open-quote" } : row);
      }
      this.#line += isPlain ? 1 : lines(text.slice(start, next));
      start = next;
    }
    this.#rest = text.slice(start);
    if (this.#rest.length > MAX_ROW)
      throw new SheetError(
        "too-large",
        `line ${this.#line} begins a row longer than ${MAX_ROW} characters; close its quotation mark, or write a row in each line`,
      );
    return found;
  }

  #decode(bytes: Uint8Array, isLast: boolean): string {
    try {
      return this.#decoder?.decode(bytes, { stream: !isLast }) ?? "";
    } catch {
      const line = this.#line + linesBefore(this.#rest + this.#decodable(bytes));
      throw new SheetError("not-a-table", `it is no text in ${this.#encoding} from line ${line} on; save it as UTF-8`);
    }
  }

  /** The text before the first byte that is not of the encoding. */
  #decodable(bytes: Uint8Array): string {
    // The first bytes may be the rest of a character that began in the part before
    const start = bytes.findIndex((byte) => (byte & 0xc0) !== 0x80);
    const [text = ""] = new TextDecoder(this.#encoding).decode(bytes.subarray(Math.max(start, 0))).split("\ufffd", 1);
    return text;
  }
}

/** How many line ends a text has. */
const linesBefore = (text: string) => text.match(/\r\n|\n|\r/g)?.length ?? 0;
/** How many lines a row has; the last may have no line end. */
const lines = (row: string) => row.match(/\r\n|\n|\r|[^\r\n]$/g)?.length ?? 1;
