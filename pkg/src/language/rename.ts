// New names for ids.
import type { IndexedSymbol } from "../studio/types.js";
import { namespaceOf, type PolicyIndex } from "./policy-index.js";
import { NOT_PRIVILEGES } from "./slots.js";

const ID = /^[A-Za-z0-9]+(?:[-._:][A-Za-z0-9]+)*$/;
const KEYWORDS = ["and", "or", "not", "in", "is", "set", "allowed", "true", "false", "undecided"];

/** Why a symbol cannot get a name; `undefined` if it can. */
export function renameFault(index: PolicyIndex, symbol: IndexedSymbol, name: string): string | undefined {
  if (!ID.test(name) || name.length > 128)
    return `\`${name}\` is not an id: an id has letters and digits, joined by single \`-\`, \`.\`, \`_\` or \`:\``;
  if (KEYWORDS.includes(name)) return `\`${name}\` is a keyword`;
  if (/^(?:actor|before|after)\./.test(name)) return `no id begins with \`${name.split(".")[0]}.\``;
  if (name in Object.prototype) return `\`${name}\` is a property of every JavaScript object`;
  if (symbol.kind === "privilege" && NOT_PRIVILEGES.includes(name)) return `no privilege is called \`${name}\``;
  const other = index.find(namespaceOf(symbol.kind), name, symbol.of);
  if (other && other !== symbol && other.declared.length > 0) return `\`${name}\` is declared already`;
  return undefined;
}
