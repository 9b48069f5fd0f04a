// `privet/sheets`: tables as people have them, from XLSX, CSV and TSV.
export { cellReader, escapedCell, unescapedCell, yesOrNo } from "../sheets/cells.js";
export type { CellContent, ColumnKind } from "../sheets/cells.js";
export { SheetError } from "../sheets/errors.js";
export type { SheetErrorCode } from "../sheets/errors.js";
export { readSheets } from "../sheets/read.js";
export type { Sheet, SheetRow, TextOptions } from "../sheets/sheet.js";
export { streamRows } from "../sheets/stream.js";
export type { StreamedRow } from "../sheets/stream.js";
export { decodeText } from "../sheets/text.js";
export { nameColumn, plainWords, titled } from "../sheets/titles.js";
export type { Titled } from "../sheets/titles.js";
