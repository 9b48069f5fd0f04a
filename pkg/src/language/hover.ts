// What an editor says about an id or key under the pointer.
import { getLocation } from "jsonc-parser";
import type { IndexedSymbol } from "../studio/types.js";
import type { Knowledge } from "./knowledge.js";
import type { PolicyIndex } from "./policy-index.js";
import type { TextRange } from "./positions.js";
import { schemasAt, type JsonSchema } from "./schema.js";

/** Help about a place of a text. */
export interface Hover extends TextRange {
  /** The label, or the key. */
  readonly title: string;
  /** The id; absent for a key. */
  readonly id?: string;
  /** What it is: `level privilege`, `role`, … */
  readonly kind: string;
  /** Further sentences: the note, the requirement in words, who gives it. */
  readonly lines: readonly string[];
}

/** What a symbol is, in words. */
export function kindOf({ kind, value, of, declared }: IndexedSymbol): string {
  const name = kind === "unknown" ? "fact, condition or privilege" : kind.replace("-", " ");
  const what = [value, name].filter(Boolean).join(" ");
  if (declared.length === 0) return `${what} that is not declared`;
  return of === undefined ? what : `${what} of ${of}`;
}

/** Help about a symbol at a place. */
export function hoverOf(symbol: IndexedSymbol, range: TextRange, knowledge?: Knowledge): Hover {
  const { id, label = id, note } = symbol;
  const lines = [note ?? ""];
  const requires = knowledge?.requirementOf(symbol) ?? symbol.requires;
  const verb = { role: "Held when", obligation: "Owed when", step: "Done when" }[symbol.kind as string] ?? "Needs";
  if (requires !== undefined) lines.push(`${verb}: ${requires}`);
  if (symbol.kind === "role" && knowledge) lines.push(listed("Gives", knowledge.grantsOf(id), "nothing"));
  const givers = knowledge?.giversOf(symbol);
  if (givers) {
    const by = symbol.kind === "operation" ? "Allowed by role" : "Given by role";
    lines.push(listed(by, givers.roles, "none"));
    if (givers.maybe.length > 0) lines.push(listed("Depending on facts", givers.maybe, "none"));
  }
  return { start: range.start, end: range.end, title: label, id, kind: kindOf(symbol), lines: lines.filter(Boolean) };
}

const listed = (what: string, list: readonly string[], none: string) => `${what}: ${list.join(", ") || none}`;

/** Help about the id at an offset of a document, or about the key there. */
export function hoverAt({ index, text, file, schema, knowledge }: HoverContext, offset: number): Hover | undefined {
  const found = index.at(file, offset);
  if (found) return hoverOf(found.symbol, found, knowledge);
  return keyHover(text, offset, schema);
}

/** What a hover reads. */
export interface HoverContext {
  readonly index: PolicyIndex;
  /** The text of the file, and its name; `""` for the document itself. */
  readonly text: string;
  readonly file: string;
  readonly schema: JsonSchema;
  readonly knowledge?: Knowledge | undefined;
}

/** The description of the key at an offset. */
export function keyHover(text: string, offset: number, schema: JsonSchema): Hover | undefined {
  const { path, isAtPropertyKey, previousNode } = getLocation(text, offset);
  if (!isAtPropertyKey || previousNode?.type !== "property") return undefined;
  const description = schemasAt(schema, path, undefined).find((one) => one.description !== undefined)?.description;
  if (description === undefined) return undefined;
  const { offset: start, length } = previousNode;
  if (offset > start + length) return undefined;
  return { start, end: start + length, title: String(path.at(-1)), kind: "key", lines: [description] };
}

/** A hover as Markdown. */
export function markdownOf({ title, id, kind, lines }: Hover): string {
  const name = id === undefined ? `\`${title}\`` : `**${escaped(title)}** \`${id}\``;
  return [`${name} · ${escaped(kind)}`, ...lines.map(escaped)].join("\n\n");
}

/** Text of a document that Markdown shows as it is. */
const escaped = (text: string) => text.replace(/[\\`*_{}[\]<>#|~]/g, "\\$&").replace(/\s+/g, " ");
