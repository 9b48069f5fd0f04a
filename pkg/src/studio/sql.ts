// Residuals as SQL conditions: a list of records is filtered by what its columns say about facts.
import { InvalidOptionsError } from "../core/errors.js";
import { oneOf } from "../core/ids.js";
import type { FactValue } from "../core/types.js";
import type { RequirementTest, RequirementTree } from "./answers.js";

/**
 * The SQL expressions of the columns that hold facts, by the id of the fact. They are inserted as they are, so they must not come
 * from users. A column holds what a subject would give: a boolean, a number, or the id of an option or level. `NULL` is not given.
 */
export type Columns = { readonly [fact: string]: string };

/** A column's name, with that of its table or quoted: anything else needs parentheses beside an operator. */
const NAME = /^[\w.]+$|^"[^"]+"$/;

/** A condition with placeholders, and their values in order. */
export interface Sql {
  readonly sql: string;
  readonly parameters: readonly FactValue[];
}

/** Options of {@link toSql}. */
export interface SqlOptions {
  /** The placeholder of a parameter by its number, from 1: `?` by default; `(n) => "$" + n` for PostgreSQL. */
  readonly placeholder?: (number: number) => string;
}

/**
 * The residual of an operation as an SQL condition with bound parameters: it is true for the records for which the operation is
 * allowed, false where it is denied, and `NULL` where it is undecided. `residual.kind` says `always` or `never` where no
 * condition is needed. O(tree).
 *
 * @throws InvalidOptionsError for a fact without a column.
 */
export function toSql(tree: RequirementTree, columns: Columns, options: SqlOptions = {}): Sql {
  const { placeholder = () => "?" } = options;
  const parameters: FactValue[] = [];
  const bind = (value: FactValue) => placeholder(parameters.push(value));
  const write = (node: RequirementTree, isNested: boolean): string => {
    switch (node.kind) {
      case "all":
      case "any": {
        if (!node.children.length) return node.kind === "all" ? "1 = 1" : "1 = 0";
        const parts = node.children.map((child) => write(child, true));
        const joined = parts.join(node.kind === "all" ? " AND " : " OR ");
        return isNested && parts.length > 1 ? `(${joined})` : joined;
      }
      case "not":
        return `NOT (${write(node.children[0]!, false)})`;
      case "unknown":
        return "1 = NULL";
      default:
        return test(node);
    }
  };
  const test = ({ test, id, op, value, values, absent }: RequirementTest): string => {
    if (!Object.hasOwn(columns, id)) {
      const known = Object.keys(columns);
      const help = known.length ? `there are columns for ${oneOf(known)}` : "there are no columns";
      throw new InvalidOptionsError("invalid-options", `no column for fact \`${id}\`; ${help}`, id);
    }
    const expression = NAME.test(columns[id]!) ? columns[id]! : `(${columns[id]!})`;
    // No value passes: false, and without `absent` unknown where the column is
    if (values?.length === 0) return absent === undefined ? `${expression} <> ${expression}` : "1 = 0";
    const column = absent === undefined ? expression : `COALESCE(${expression}, ${bind(absent)})`;
    if (test === "on") return `${column} = ${bind(true)}`;
    if (values && (test === "level" || op === "in")) return `${column} IN (${values.map(bind).join(", ")})`;
    const operator = op === "!=" ? "<>" : op!;
    return `${column} ${operator} ${bind(values ? values[0]! : (value as FactValue))}`;
  };
  const sql = write(tree, false);
  return { sql, parameters };
}
