// A role × permission table: where its heading is, which side has the roles, and what its cells grant.
import type { Sheet } from "privet/sheets";
import { Fault } from "../faults.js";
import { Ids, type Draft, type DraftOperation, type DraftPrivilege, type Entry } from "./draft.js";
import { isMark, isStrong, marksOf, rankOf, type Mark } from "./marks.js";

/** The most verbs that a policy may have. */
const MOST_VERBS = 32;

/** A table that was read: roles by name, and permissions with what each role has. */
interface RoleTable {
  readonly roles: readonly string[];
  readonly permissions: readonly { readonly area: string; readonly name: string; readonly marks: readonly Mark[] }[];
  readonly notes: readonly string[];
}

/** Which side of the table has the roles. */
export type Side = "columns" | "rows" | "auto";

/** The cells of a table in one width, with the row numbers that a spreadsheet program shows. */
interface Grid {
  readonly cells: readonly (readonly string[])[];
  readonly numbers: readonly number[];
}

/** The most columns of a table of roles: each is a role or a permission, of which a policy has no more. */
const MOST_COLUMNS = 4096;

/**
 * A draft from a sheet: of a workbook the one that is named, else the first one with a table.
 *
 * @throws Fault if there is no table with marks.
 */
export function draftFromSheets(sheets: readonly Sheet[], wanted: string | undefined, side: Side, name: string): Draft {
  const names = sheets.flatMap((sheet) => sheet.name ?? []);
  const listed =
    names.length > 0 ? `it has the sheets ${names.map((one) => `\`${one}\``).join(", ")}` : "it has no sheets";
  const chosen = wanted === undefined ? sheets : sheets.filter((sheet) => sheet.name === wanted);
  if (wanted !== undefined && chosen.length === 0)
    throw new Fault(`${name} has no sheet \`${wanted}\`; ${listed}`, "no-sheet");
  let fault: Fault | undefined;
  for (const sheet of chosen) {
    try {
      const draft = draftFromSheet(sheet, side, chosen.length > 1 ? `${name}, sheet \`${sheet.name}\`,` : name);
      const others = names.filter((one) => one !== sheet.name);
      const note = `Read from the sheet ${sheet.name}; not read: ${others.join(", ")}. Choose another one by --sheet.`;
      return others.length > 0 ? { ...draft, notes: [note, ...draft.notes] } : draft;
    } catch (thrown) {
      if (!(thrown instanceof Fault)) throw thrown;
      fault ??= thrown;
    }
  }
  throw fault ?? new Fault(`${name} is empty; give a table with roles and permissions`, "empty");
}

function draftFromSheet({ rows }: Sheet, side: Side, name: string): Draft {
  const open = rows.find(({ problem }) => problem === "open-quote");
  if (open) throw new Fault(`${name} row ${open.at}: a quotation mark is not closed; close it`, "open-quote");
  const width = rows.reduce((most, { cells }) => Math.max(most, cells.length), 0);
  if (width > MOST_COLUMNS)
    throw new Fault(`${name} has ${width} columns; give a table with ${MOST_COLUMNS} at most`, "too-large");
  const clean = (cell = "") => cell.replace(/[\s\u00a0\u200b\ufeff]+/g, " ").trim();
  const grid = {
    cells: rows.map(({ cells }) => Array.from({ length: width }, (_, column) => clean(cells[column]))),
    numbers: rows.map(({ at }) => at),
  };
  const table = readTable(grid, side, name);
  if (table.roles.length > 0 && table.permissions.length > 0) return draftOf(table);
  throw new Fault(`${name} names no roles or no permissions beside its marks; give a table with a heading`, "no-table");
}

function readTable({ cells: grid, numbers }: Grid, side: Side, name: string): RoleTable {
  const heads = headsOf(grid);
  if (!heads) {
    const help = "give one with a heading, whose cells have marks such as `x` or words such as `view`";
    throw new Fault(`${name} has no table of roles and permissions; ${help}`, "no-table");
  }
  const { top, left } = heads;
  const notes = heads.title ? [`The title of the table: ${heads.title}`] : [];
  const columns = heads.names.flatMap((name, index) => (name === "" ? [] : [{ name, at: left + index }]));
  const rows = rowsOf({ cells: grid.slice(top), numbers: numbers.slice(top) }, left, columns, notes);
  const isRolesInRows = side === "rows" || (side === "auto" && rolesAreRows(heads.corner));
  if (!isRolesInRows) {
    const permissions = rows.map(({ area, name, values }) => ({ area, name, marks: marksOf(values) }));
    return { roles: columns.map(({ name }) => name), permissions, notes };
  }
  const permissions = columns.map(({ name, at }, column) => {
    const area = heads.groups[at - left] ?? "";
    const own = area !== "" && name.startsWith(`${area} `) ? name.slice(area.length + 1) : name;
    return { area, name: own, marks: marksOf(rows.map(({ values }) => values[column]!)) };
  });
  return { roles: rows.map(({ name }) => name), permissions, notes };
}

interface Row {
  readonly area: string;
  readonly name: string;
  readonly values: readonly string[];
}

/** The rows with names and marks. A name in the first column alone, above rows without it, is that of merged cells, or a heading. */
function rowsOf(
  { cells: grid, numbers }: Grid,
  left: number,
  columns: readonly { at: number }[],
  notes: string[],
): Row[] {
  let area = "";
  return grid.flatMap((row, index) => {
    const labels = row.slice(0, left);
    const last = labels.findLastIndex((label) => label !== "");
    const values = columns.map(({ at }) => row[at] ?? "");
    const isBlank = values.every((value) => value === "");
    if (last < 0) {
      if (!isBlank)
        notes.push(`Row ${numbers[index]} has no name and is left out: ${values.filter(Boolean).join(", ")}`);
      return [];
    }
    const isMarked = (next: readonly string[] | undefined) =>
      next !== undefined && columns.some(({ at }) => (next[at] ?? "") !== "");
    if (
      isBlank &&
      last === 0 &&
      (left > 1 || isMarked(grid[index + 1])) &&
      labels.slice(1).every((label) => label === "")
    ) {
      area = labels[0]!;
      return [];
    }
    if (last > 0 && labels[0] !== "") area = labels[0]!;
    return [{ area, name: labels[last]!, values }];
  });
}

interface Heads {
  /** The first row and column of the marks. */
  readonly top: number;
  readonly left: number;
  /** The names of the columns; where names repeat, with those of the merged cells above. */
  readonly names: readonly string[];
  readonly groups: readonly string[];
  readonly title: string;
  /** The text at the crossing of the headings. */
  readonly corner: string;
}

const filledIn = (row: readonly string[]) => row.filter((cell) => cell !== "").length;

/** The heading: of the rows above the first mark the one with the most names, and a row of merged cells above or below it. */
function headsOf(grid: readonly (readonly string[])[]): Heads | undefined {
  const marked = grid.findIndex((row, index) => index > 0 && row.slice(1).some(isStrong));
  const worded = grid.findIndex((row, index) => index > 0 && row.slice(1).some((cell) => cell !== "" && isMark(cell)));
  const end = marked > 0 ? marked : worded;
  if (end < 1) return undefined;
  const best = grid
    .slice(0, end)
    .reduce((most, row, index) => (filledIn(row) > filledIn(grid[most]!) ? index : most), 0);
  const hasNoMark = (row: readonly string[]) => row.every((cell) => cell === "" || !isMark(cell));
  const isBelow =
    best + 1 < end && grid[best + 1]![0] === "" && hasNoMark(grid[best + 1]!) && filledIn(grid[best + 1]!) > 1;
  const isAbove = !isBelow && best > 0 && grid[best - 1]![0] === "" && filledIn(grid[best - 1]!) > 0;
  const lowest = grid[isBelow ? best + 1 : best]!;
  const upper = isBelow ? grid[best]! : isAbove ? grid[best - 1]! : undefined;
  const top = best + (isBelow ? 2 : 1);
  const left = leftOf(grid.slice(top), (column) => lowest[column] || upper?.[column] || "");
  if (left === undefined) return undefined;
  const groups = upper ? filledRight(upper.slice(left)) : lowest.slice(left).map(() => "");
  const names = lowest.slice(left).map((name, index) => (name === "" && upper ? (upper[left + index] ?? "") : name));
  const whole = names.map((name, index) => {
    const isRepeated = name !== "" && names.filter((other) => other === name).length > 1;
    return isRepeated && groups[index] && groups[index] !== name ? `${groups[index]} ${name}` : name;
  });
  const corner = [upper, lowest].map((row) => (row ?? []).slice(0, left).filter(Boolean).join(" ")).join(" ");
  const title = grid
    .slice(0, isAbove ? best - 1 : best)
    .map((row) => row.filter(Boolean).join(" "))
    .join("; ");
  return { top, left, names: whole, groups, title, corner };
}

/** Headings of columns with names of permissions, areas or roles, in the languages that are common. */
const NAMES =
  /^(permissions?|privileges?|rights?|functions?|features?|actions?|operations?|tasks?|areas?|modules?|categor(y|ies)|sections?|screens?|pages?|resources?|objects?|names?|descriptions?|ids?|roles?|groups?|rechte?|berechtigung(en)?|funktion(en)?|aktion(en)?|bereiche?|modul|modul[eo]s?|rollen?|gruppen?|droits?|fonctions?|permisos?|acci[oó]n(es)?)$/i;

/** The first column of marks: behind the columns of names. */
function leftOf(rows: readonly (readonly string[])[], headingOf: (column: number) => string): number | undefined {
  const width = rows[0]?.length ?? 0;
  const cellsOf = (column: number) => rows.map((row) => row[column]!).filter((cell) => cell !== "");
  const hasStrong = (column: number) => cellsOf(column).some(isStrong);
  for (let column = 1; column < width; column++) {
    const cells = cellsOf(column);
    if (headingOf(column) === "" || NAMES.test(headingOf(column))) continue;
    if (cells.filter(isMark).length * 2 < cells.length) continue;
    // Names such as View and Edit read like words of access: they differ from row to row, and marks stand behind them
    const isNames = cells.length > 1 && new Set(cells).size === cells.length && !hasStrong(column);
    const isFollowed = Array.from({ length: width - column - 1 }, (_, index) => column + 1 + index).some(hasStrong);
    if (!(isNames && isFollowed)) return column;
  }
  return undefined;
}

/** Merged cells: only the first of them has the text. */
function filledRight(cells: readonly string[]): string[] {
  let last = "";
  return cells.map((cell) => {
    if (cell !== "") last = cell;
    return last;
  });
}

/** Whether the heading of the row names says that they are roles. */
function rolesAreRows(corner: string): boolean {
  const [first = ""] = corner
    .split(/[/\\×→↓|]/)
    .map((part) => part.trim().toLowerCase())
    .filter(Boolean);
  const isRole = /(^|\W)(roles?|rollen?|rôles?|groups?|gruppen?|profiles?|job titles?|positions?)(\W|$)/.test(first);
  return isRole && !/permission|privilege|recht|function|feature/.test(first);
}

function draftOf({ roles: names, permissions, notes: read }: RoleTable): Draft {
  const ids = new Ids();
  const [menuIds, operationIds] = [new Ids(), new Ids()];
  const notes = [...read];
  const areas = [...new Set(permissions.map(({ area }) => area).filter(Boolean))];
  const menu = areas.map((label, index) => ({ id: menuIds.of(label, `area-${index + 1}`), label }));
  // Where areas repeat the names of permissions, all ids begin with the area
  const isRepeated = new Set(permissions.map(({ name }) => name)).size < permissions.length;
  const verbs = new Map<string, Entry>();
  const verbIds = new Ids();
  const verbOf = (label: string): string | undefined => {
    const key = label.toLowerCase();
    if (!verbs.has(key) && verbs.size < MOST_VERBS) verbs.set(key, { id: verbIds.of(label, "verb"), label });
    return verbs.get(key)?.id;
  };
  noteTwice("Roles", names, notes);
  noteTwice(
    "Permissions",
    permissions.map(({ area, name }) => (area ? `${area}: ${name}` : name)),
    notes,
  );
  const grants = names.map((): Record<string, unknown> => ({}));
  const privileges: DraftPrivilege[] = [];
  const operations: DraftOperation[] = [];
  permissions.forEach(({ area, name, marks }, index) => {
    const id = ids.of(isRepeated && area ? `${area}.${name}` : name, `permission-${index + 1}`);
    const place = menu.find(({ label }) => label === area);
    const words = distinct(marks.flatMap((mark) => (typeof mark === "object" ? mark.words : [])));
    const about = { ...(area && { group: area }) };
    const opens = (operation: string, label: string, requires: string, verb?: string) =>
      operations.push({
        id: operationIds.of(operation, "operation"),
        label,
        ...(area && { section: area }),
        ...(place && { menu: [place.id] }),
        ...(verb !== undefined && { verbs: [verb] }),
        requires,
      });
    const isRanked =
      words.length > 0 &&
      words.every((word) => rankOf(word) !== undefined) &&
      !marks.some((mark) => typeof mark === "object" && mark.words.length > 1);
    if (words.length === 0) {
      privileges.push({ id, kind: "flag", label: name, ...about });
      opens(id, name, id);
      marks.forEach((mark, role) => {
        if (mark === "yes") grants[role]![id] = true;
      });
      return;
    }
    const own = new Ids();
    const ordered = isRanked ? [...words].sort((one, other) => rankOf(one)! - rankOf(other)!) : words;
    const values = ordered.map((label, at) => ({ id: own.of(label, `value-${at + 1}`), label }));
    const idOf = (word: string) => values[ordered.findIndex((one) => one.toLowerCase() === word.toLowerCase())]!.id;
    privileges.push({
      id,
      kind: isRanked ? "level" : "set",
      label: name,
      ...about,
      [isRanked ? "levels" : "options"]: values,
    });
    for (const value of values)
      opens(
        `${id}.${value.id}`,
        `${name}: ${value.label}`,
        `${id} ${isRanked ? ">=" : "="} ${value.id}`,
        verbOf(value.label),
      );
    if (isRanked && values.length > 1)
      notes.push(`${name}: read as levels, lowest first: ${ordered.join(", ")}. Each includes those before it.`);
    if (!isRanked) notes.push(`${name}: read as options without an order: ${ordered.join(", ")}.`);
    marks.forEach((mark, role) => {
      if (mark === "yes") {
        grants[role]![id] = isRanked ? values.at(-1)!.id : values.map((value) => value.id);
        notes.push(
          `${name}: ${names[role]} has a mark where others have words; it was read as ${isRanked ? ordered.at(-1) : "all options"}.`,
        );
      } else if (mark !== "no") grants[role]![id] = isRanked ? idOf(mark.words[0]!) : mark.words.map(idOf);
    });
  });
  const roles = names.map((label, index) => ({
    id: ids.of(label, `role-${index + 1}`),
    label,
    grants: grants[index]!,
  }));
  return { verbs: [...verbs.values()], privileges, roles, menu, operations, notes };
}

/** A note on names that stand for several entries. */
function noteTwice(what: string, names: readonly string[], notes: string[]): void {
  const twice = [...new Set(names.filter((name, index) => names.indexOf(name) < index))];
  if (twice.length > 0)
    notes.push(`${what} with the same name, which became several with numbered ids: ${twice.join(", ")}.`);
}

/** Words without those that differ in case only. */
function distinct(words: readonly string[]): string[] {
  return words.filter(
    (word, index) => words.findIndex((other) => other.toLowerCase() === word.toLowerCase()) === index,
  );
}
