// Imported people as CSV: their original rows, with what came of them.
import { csv } from "../../state/csv.js";
import { text } from "../../text/index.js";
import { access, accessOf, rowsOf } from "./population.js";
import type { Evaluated } from "./population.js";
import type { Exported } from "./protocol.js";

/** The original rows as CSV, with the group and the decisions, or with what is wrong. */
export function exported(all: Evaluated, what: Exported, names: { readonly [access: string]: string }): Blob {
  const { population, errors, table, policy, described, contentOf } = all;
  const cells = (row: number) => [...(table.lines[row]?.cells ?? [])];
  const rows = [...table.lines.keys()];
  const error = (row: number) => errors.get(contentOf[row] ?? -1);
  if (what === "errors")
    return csv([
      [text.imports.row(0).replace(/\s*0$/, ""), ...table.header, text.imports.problem],
      ...rows
        .filter((row) => error(row) !== undefined)
        .map((row) => [table.lines[row]?.at ?? 0, ...cells(row), error(row) ?? ""]),
    ]);
  const keys = accessOf(all);
  const order = new Map(access(all).map(({ access }, index) => [access, index + 1]));
  const group = (row: number) => {
    const key = keys[contentOf[row] ?? -1] ?? "";
    return error(row) === undefined ? (names[key] ?? `${text.imports.group} ${order.get(key)}`) : "";
  };
  if (typeof what === "object")
    return csv([
      [...table.header, text.imports.group],
      ...rowsOf(all, population.whoCan(what.who)).map((row) => [...cells(row), group(row)]),
    ]);
  const { get } = population.matrix();
  const operations = described.operations.filter(({ restricts }) => !restricts);
  const columns = operations.map(({ id }) => policy.handle(id) as number);
  return csv(
    (function* () {
      yield [...table.header, text.imports.group, text.imports.problem, ...operations.map(({ label }) => label)];
      for (const row of rows) {
        const problem = error(row);
        yield [
          ...cells(row),
          group(row),
          problem ?? "",
          ...columns.map((column) => (problem === undefined ? Number(get(contentOf[row] ?? 0, column)) : "")),
        ];
      }
    })(),
  );
}
