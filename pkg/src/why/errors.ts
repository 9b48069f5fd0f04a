// The errors of `privet/why`; its answers are in `core/types.ts`, since snapshots carry them.
import { PrivetError } from "../core/errors.js";

/** The pack has no reasons (`reasons-missing`), or its reasons do not belong to its program (`reasons-invalid`). */
export class ReasonsError extends PrivetError<"reasons-missing" | "reasons-invalid"> {}
