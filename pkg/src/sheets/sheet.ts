/** A row with at least one cell that is not empty. */
export interface SheetRow {
  /** The number that a spreadsheet program shows beside the row, from 1. */
  readonly at: number;
  /** The texts of the cells as they stand; an empty text for an empty cell, and for cells that are merged with another one. */
  readonly cells: readonly string[];
  /** `open-quote`: a quotation mark is not closed, so that the last cell has the rest of the file. */
  readonly problem?: "open-quote";
}

/** A table: a text file, or a sheet of a workbook. */
export interface Sheet {
  /** The name of the sheet in a workbook. */
  readonly name?: string;
  readonly rows: readonly SheetRow[];
  /** How a text was read; a workbook has none. */
  readonly encoding?: string;
  /** The character between the cells of a text; a workbook has none. */
  readonly separator?: string;
}

/** How a text is read where it is not as {@link readSheets} finds it. A workbook says it all itself. */
export interface TextOptions {
  /** A label of the Encoding Standard, such as `windows-1250`. */
  readonly encoding?: string;
  /** The character between cells, such as `;`. */
  readonly separator?: string;
}
