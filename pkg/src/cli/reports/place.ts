// The paths of the files that diagnostics name.
import { dirname, join } from "node:path";

/** The path of an included file, by the path of the document that includes it; of the document itself without one. */
export function fileOf(document: string, included: string | undefined): string {
  if (included !== undefined) return join(document === "-" ? "." : dirname(document), included);
  return document === "-" ? "stdin" : document;
}
