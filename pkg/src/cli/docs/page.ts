// A page as data, which is written as Markdown, HTML or CSV.

/** A part of a line: text, an id or requirement, or a reference to an entry of the page. */
export type Inline =
  | { readonly text: string }
  | { readonly code: string }
  | { readonly to: string; readonly text: string }
  | { readonly note: string };

/** The lines of a cell. */
export type Cell = readonly (readonly Inline[])[];

/** A table, whose rows may be targets of references. */
export interface Table {
  readonly kind: "table";
  readonly heading: readonly string[];
  readonly rows: readonly { readonly anchor?: string; readonly cells: readonly Cell[] }[];
}

/** A part of a page. */
export type Block =
  | { readonly kind: "heading"; readonly level: 2 | 3; readonly text: string; readonly anchor: string }
  | { readonly kind: "text"; readonly lines: readonly (readonly Inline[])[] }
  | { readonly kind: "list"; readonly isOrdered: boolean; readonly items: readonly (readonly Inline[])[] }
  | { readonly kind: "diagram"; readonly source: string }
  | Table;

/** A page. */
export interface Page {
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** A cell of one line. */
export const line = (...parts: readonly Inline[]): Cell => (parts.length > 0 ? [parts] : []);
/** A cell of text, or an empty one. */
export const textCell = (text: string | undefined): Cell => (text ? [[{ text }]] : []);
/** Parts with commas between them. */
export const listed = (parts: readonly Inline[]): Inline[] =>
  parts.flatMap((part, index) => (index > 0 ? [{ text: ", " }, part] : [part]));

/** A line without markup, for CSV. */
export function plain(parts: readonly Inline[]): string {
  return parts.map((part) => ("code" in part ? part.code : "note" in part ? part.note : part.text)).join("");
}
