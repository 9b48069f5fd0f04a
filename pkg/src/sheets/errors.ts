import { PrivetError } from "privet";

/** The stable codes of files that are not read as tables. */
export type SheetErrorCode = "empty" | "not-a-table" | "too-large" | "damaged";

/** A file that is not read as a table. The message says what it is and what to do, without the name of the file. */
export class SheetError extends PrivetError<SheetErrorCode> {}
