// People as the rows of a table: what its columns mean, and what the cells of a row say.
import type { Subject } from "privet";
import type { CellContent, ColumnKind, StreamedRow } from "privet/sheets";
import { cellReader, nameColumn, plainWords, titled, unescapedCell } from "privet/sheets";
import type { PolicyDescription } from "privet/studio";
import { Fault } from "../faults.js";
import type { Line } from "./policy.js";

/** What is wrong with a cell. */
class InvalidCell extends Error {}

/** What a column has, beside names and roles. */
interface Column {
  readonly of: "grants" | "facts";
  readonly id: string;
  readonly label: string;
  readonly read: Read;
}

/** Reads a cell that is not empty; `undefined` is nothing. It throws an {@link InvalidCell}. */
type Read = (cell: string) => Extract<CellContent, { readonly value: unknown }>["value"];

/**
 * Reads the rows of a table. A column is named by a privilege or a fact, with its id or its label, by `name`, or by `roles`, whose cells have ids
 * or labels with `;` between them. Cells that are empty say nothing. `warn` is told the columns that name nothing.
 *
 * @throws Fault if no column names anything, or one what another names too.
 */
export function tableReader(
  header: readonly string[],
  described: PolicyDescription,
  file: string,
  warn: (text: string) => void,
): (row: StreamedRow) => Line {
  const known = columnsOf(described);
  const titles = header.map(unescapedCell);
  const nameAt = nameColumn(titles, (title) => known(title) !== undefined);
  const rolesAt = titles.findIndex((title) => /^roles?$/.test(plainWords(title)) && known(title) === undefined);
  const readRoles = reader({ kind: "set", options: described.roles }, "a role", true);
  const columns = titles.map((title, at) => (at === nameAt || at === rolesAt ? undefined : known(title)));
  const twice = columns.findIndex(
    (column, at) => column !== undefined && columns.findIndex((it) => it?.id === column.id && it.of === column.of) < at,
  );
  if (twice >= 0) throw new Fault(`two columns of ${file} are \`${columns[twice]!.id}\`; leave one out`);
  if (rolesAt < 0 && columns.every((column) => column === undefined))
    throw new Fault(
      `no column of ${file} is a privilege, a fact or \`roles\`; give their ids or labels in the first line`,
    );
  const others = titles.filter((_, at) => at !== nameAt && at !== rolesAt && columns[at] === undefined);
  if (others.length > 0)
    warn(`${file} has columns that name nothing of the policy: ${others.map((title) => `\`${title}\``).join(", ")}`);
  const used = titles.flatMap((_, at) => (at === rolesAt || columns[at] !== undefined ? [at] : []));

  const subjectOf = (cells: readonly string[]): Subject => {
    const subject: { roles: unknown[]; grants: Record<string, unknown>; facts: Record<string, unknown> } = {
      roles: [],
      grants: {},
      facts: {},
    };
    for (const at of used) {
      const cell = unescapedCell(cells[at] ?? "");
      if (cell === "") continue;
      try {
        const column = columns[at];
        if (column === undefined) subject.roles = [...(readRoles(cell) as readonly string[])];
        else {
          const value = column.read(cell);
          if (value !== undefined) subject[column.of][column.id] = value;
        }
      } catch (thrown) {
        if (!(thrown instanceof InvalidCell)) throw thrown;
        throw new InvalidCell(`\`${cell}\` in the column \`${titles[at]}\` ${thrown.message}`);
      }
    }
    return subject as Subject;
  };
  return ({ line, cells, problem }) => {
    const name = unescapedCell(cells[nameAt] ?? "") || `line ${line}`;
    const fault = (text: string) => ({ name, line, fault: text });
    if (problem !== undefined) return fault("a quotation mark is not closed");
    if (cells.length > titles.length && cells.slice(titles.length).some((cell) => cell.trim() !== ""))
      return fault(`it has ${cells.length} cells, and the first line has ${titles.length}`);
    try {
      return { name, line, subject: subjectOf(cells), key: used.map((at) => cells[at]).join("\u0000") };
    } catch (thrown) {
      if (!(thrown instanceof InvalidCell)) throw thrown;
      return fault(thrown.message);
    }
  };
}

/** What a title names. It throws a {@link Fault} for a title that names several things. */
function columnsOf({ privileges, facts }: PolicyDescription): (title: string) => Column | undefined {
  const all: readonly Column[] = [
    ...privileges.map((it) => ({
      of: "grants" as const,
      id: it.id,
      label: it.label,
      read: reader(it, whatOf(it), true),
    })),
    ...facts.map((it) => ({ of: "facts" as const, id: it.id, label: it.label, read: reader(it, whatOf(it), false) })),
  ];
  return (title) => {
    const [found, ...others] = titled(title, all);
    if (found !== undefined && others.length > 0)
      throw new Fault(
        `the column \`${title}\` may be ${[found, ...others].map(({ id }) => `\`${id}\``).join(" or ")}; give an id`,
      );
    return found;
  };
}

const whatOf = ({ kind }: ColumnKind) => (kind === "level" ? "a level" : "an option");

/** Reads the cells of a column; `what` its options are is for messages. */
function reader(column: ColumnKind, what: string, isGrant: boolean): Read {
  const read = cellReader(column, { isGrant });
  const options = column.levels ?? column.options ?? [];
  return (cell) => {
    const content = read(cell);
    if (!("fault" in content)) return content.value;
    switch (content.fault) {
      case "yes-or-no":
        throw new InvalidCell("is neither yes nor no");
      case "whole-number":
        throw new InvalidCell("is not a whole number");
      case "option":
        throw new InvalidCell(`is not ${what}; there are ${options.map(({ id }) => `\`${id}\``).join(", ")}`);
    }
  };
}
