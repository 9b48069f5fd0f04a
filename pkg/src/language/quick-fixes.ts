// Corrections that a diagnostic proposes.
import type { Diagnostic } from "../studio/types.js";
import type { TextRange } from "./positions.js";

/** A correction: a title in the imperative, and a text for a range. */
export interface QuickFix extends TextRange {
  readonly title: string;
  readonly text: string;
}

/** What `help` says where one text is to be written in place of what the diagnostic points at. */
const REPLACEMENT = /^(?:did you mean|keywords are lower case: write|write) `([^`]+)`\??$/;

/** The corrections of a diagnostic that points at `range` of a text. */
export function quickFixesOf({ code, message, help = "" }: Diagnostic, text: string, range: TextRange): QuickFix[] {
  const wrong = text.slice(range.start, range.end);
  if (code === "syntax" && message === "trailing comma" && wrong === ",")
    return [{ ...range, title: "Remove the comma", text: "" }];
  const replacement = REPLACEMENT.exec(help)?.[1];
  if (replacement === undefined || wrong === "") return [];
  const isQuoted = wrong.length > 1 && wrong.startsWith('"') && wrong.endsWith('"');
  const inner = isQuoted ? { start: range.start + 1, end: range.end - 1 } : range;
  return [{ start: inner.start, end: inner.end, title: `Replace by \`${replacement}\``, text: replacement }];
}
