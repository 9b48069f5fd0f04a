// What is printed: colours where the terminal has them, tables, and text that cannot steer the terminal.

/** Colours of one stream: each returns its text, coloured or not. */
export interface Colours {
  red(text: string): string;
  yellow(text: string): string;
  green(text: string): string;
  dim(text: string): string;
  bold(text: string): string;
}

/** Whether a stream gets colours: NO_COLOR and FORCE_COLOR decide, else whether it is a terminal. */
function isColoured(stream: { readonly isTTY?: boolean }): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== "0" && FORCE_COLOR !== "false";
  return !NO_COLOR && TERM !== "dumb" && stream.isTTY === true;
}

/** The colours for a stream. */
export function coloursOf(stream: { readonly isTTY?: boolean }): Colours {
  const on = isColoured(stream);
  const paint = (start: number, end: number) => (text: string) => (on ? `\u001b[${start}m${text}\u001b[${end}m` : text);
  return { red: paint(31, 39), yellow: paint(33, 39), green: paint(32, 39), dim: paint(2, 22), bold: paint(1, 22) };
}

/** Text without control characters other than line breaks: text of a document must not steer the terminal. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (char) =>
    char === "\n" ? char : char === "\t" ? "  " : `\\u${char.codePointAt(0)!.toString(16).padStart(4, "0")}`,
  );
}

/** Rows as columns of equal width, the first row being the heading. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => [...(row[column] ?? "")].length)));
  const pad = (cell: string, width: number) => cell + " ".repeat(Math.max(0, width - [...cell].length));
  return rows
    .map((row) =>
      row
        .map((cell, column) => pad(cell, widths[column]!))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** `1 error`, `2 errors`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
