// The matrix as a page: operations by role or person.
import type { PolicyDescription } from "privet/studio";
import type { MatrixOutput } from "../outputs.js";
import { element, escaped, page, table } from "./html.js";

/** The page of a matrix. */
export function matrixPage(policy: PolicyDescription, { rows }: MatrixOutput): string {
  const sections = [...new Set(policy.operations.map(({ section }) => section))];
  const heading = ["Operation", ...rows.map(({ name }) => escaped(name))];
  const tables = sections.map((section) => {
    const cells = policy.operations.flatMap((operation, index) => {
      if (operation.section !== section) return [];
      const name = `${escaped(operation.label)} <span class="quiet">${escaped(operation.id)}</span>`;
      const decisions = rows.map(({ decisions }) => decisions[index]!);
      return [
        [
          name,
          ...decisions.map((decision) => element("span", { class: decision }, decision === "denied" ? "–" : decision)),
        ],
      ];
    });
    return table(heading, cells, section || "Operations");
  });
  return page(`${policy.title}: who may do what`, tables.join("\n"));
}
