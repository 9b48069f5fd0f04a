// Diagnostics as workflow commands, which GitHub shows beside the lines of a pull request.
import type { Diagnostic } from "privet/studio";
import { fileOf } from "./place.js";

/** What a workflow command may not contain in its message, and in its properties besides. */
const escaped = (text: string) => text.replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
const property = (text: string) => escaped(text).replace(/:/g, "%3A").replace(/,/g, "%2C");

/** A line for each diagnostic. */
export function annotations(files: readonly { file: string; diagnostics: readonly Diagnostic[] }[]): string {
  const lines = files.flatMap(({ file, diagnostics }) =>
    diagnostics.map((found) => {
      const { severity, code, message, help, span } = found;
      const place = span ? `,line=${span.line},col=${span.column}` : "";
      const text = help ? `${message}; ${help}` : message;
      return `::${severity} file=${property(fileOf(file, found.file))}${place},title=${property(code)}::${escaped(text)}`;
    }),
  );
  return lines.join("\n");
}
