// Diagnostics as SARIF 2.1.0, for code scanning.
import { isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";
import type { Diagnostic } from "privet/studio";
import { fileOf } from "./place.js";

/** The log of one run of the checker. */
export function sarif(files: readonly { file: string; diagnostics: readonly Diagnostic[] }[]): object {
  const all = files.flatMap(({ file, diagnostics }) => diagnostics.map((found) => ({ file, found })));
  const codes = [...new Set(all.map(({ found }) => found.code))].sort();
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "privet",
            informationUri: "https://github.com/privet-policy/privet",
            rules: codes.map((id) => ({ id, shortDescription: { text: id.replaceAll("-", " ") } })),
          },
        },
        columnKind: "unicodeCodePoints",
        results: all.map(({ file, found }) => ({
          ruleId: found.code,
          ruleIndex: codes.indexOf(found.code),
          level: found.severity,
          message: { text: found.help ? `${found.message}; ${found.help}` : found.message },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: uriOf(fileOf(file, found.file)) },
                ...(found.span && { region: { startLine: found.span.line, startColumn: found.span.column } }),
              },
              logicalLocations: [{ fullyQualifiedName: found.place || "/" }],
            },
          ],
        })),
      },
    ],
  };
}

const uriOf = (path: string) =>
  isAbsolute(path) ? pathToFileURL(path).href : path.split(/[/\\]/).map(encodeURIComponent).join("/");
