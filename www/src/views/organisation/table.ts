// Tables of people: CSV with quotes, and JSON. Every line stays as it was, so that nothing that is not understood is lost.

/** A row as it was written: its cells, or the object that JSON had there. */
export interface Line {
  /** Where it begins, from 1: the line of a CSV file, the element of a JSON list. */
  readonly at: number;
  readonly cells: readonly string[];
  readonly subject?: unknown;
  readonly fault?: string;
}

export interface Table {
  readonly header: readonly string[];
  readonly lines: readonly Line[];
}

export interface Faults {
  readonly cells: (found: number, wanted: number) => string;
  readonly quote: string;
  readonly notList: string;
  readonly noRows: string;
  readonly jsonRow: string;
}

/** The header and rows of a CSV text: comma, semicolon or tab, whichever the first line has most of. */
export function readCsv(text: string, faults: Faults): Table {
  const source = text.replace(/^\uFEFF/, "");
  const first = source.slice(0, source.search(/[\r\n]|$/));
  const separator = [",", ";", "\t"].reduce((best, it) =>
    first.split(it).length > first.split(best).length ? it : best,
  );
  const [head, ...rows] = [...records(source, separator, faults.quote)];
  if (!head || rows.length === 0) throw new Error(faults.noRows);
  const header = head.cells.map((cell) => cell.trim());
  const lines = rows.map((row) =>
    row.fault !== undefined || row.cells.length === header.length
      ? row
      : { ...row, fault: faults.cells(row.cells.length, header.length) },
  );
  return { header, lines };
}

function* records(text: string, separator: string, unclosed: string): Generator<Line> {
  let [at, line, start] = [0, 1, 1];
  let cells: string[] = [];
  let cell = "";
  let isQuoted = false;
  for (; at <= text.length; at++) {
    const char = text[at];
    if (isQuoted && char !== undefined) {
      if (char === "\n") line++;
      if (char !== '"') cell += char;
      else if (text[at + 1] === '"') cell += text[++at];
      else isQuoted = false;
    } else if (char === '"' && cell === "") {
      isQuoted = true;
    } else if (char === separator) {
      cells.push(cell);
      cell = "";
    } else if (char === "\n" || char === undefined) {
      cells.push(cell.replace(/\r$/, ""));
      const isBlank = cells.length === 1 && cells[0] === "";
      if (!isBlank) yield { at: start, cells, ...(isQuoted && { fault: unclosed }) };
      cells = [];
      cell = "";
      start = ++line;
    } else {
      cell += char;
    }
  }
}

/** A list of people as JSON: `{ name, roles, grants, facts }` each. The cells are its name and the whole as text. */
export function readJson(text: string, faults: Faults): Table {
  const list: unknown = JSON.parse(text);
  if (!Array.isArray(list)) throw new Error(faults.notList);
  if (list.length === 0) throw new Error(faults.noRows);
  const lines = list.map((subject: unknown, index): Line => {
    const isObject = typeof subject === "object" && subject !== null && !Array.isArray(subject);
    const name = isObject ? String((subject as { name?: unknown }).name ?? "") : "";
    return {
      at: index + 1,
      cells: [name, JSON.stringify(subject)],
      ...(isObject ? { subject } : { fault: faults.jsonRow }),
    };
  });
  return { header: ["name", "person"], lines };
}

/** Rows as CSV. A cell that a spreadsheet would take for a formula is kept from being one. */
export function writeCsv(rows: Iterable<readonly (string | number)[]>): string {
  let text = "";
  for (const row of rows) text += `${row.map(quoted).join(",")}\r\n`;
  return text;
}

function quoted(value: string | number): string {
  const plain = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n;]|^\s|\s$/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
