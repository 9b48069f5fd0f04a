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
}
