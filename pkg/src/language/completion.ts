// What may be written at a place: ids, levels, operators, keys and their values.
import { getLocation, parseTree, findNodeAtLocation, getNodeValue } from "jsonc-parser";
import type { ExpectedWord, IndexedSymbol } from "../studio/types.js";
import { kindOf } from "./hover.js";
import type { PolicyIndex } from "./policy-index.js";
import { decoded, type TextRange } from "./positions.js";
import { constantsOf, keysOf, schemasAt, type JsonSchema } from "./schema.js";
import { keySlotOf, slotOf, type FileKind, type Slot } from "./slots.js";
import type { FindWords } from "./test-file.js";

/** Something that may be written. */
export interface Completion {
  /** What is shown, and what the typed text is compared with. */
  readonly label: string;
  readonly kind: "id" | "value" | "keyword" | "operator" | "key" | "constant";
  /** What it is. */
  readonly detail: string;
  /** The text that replaces the range. */
  readonly text: string;
  readonly range: TextRange;
}

/** What a completion reads. */
export interface CompletionContext {
  readonly kind: FileKind;
  readonly text: string;
  readonly index: PolicyIndex;
  readonly schema: JsonSchema;
  readonly words: FindWords;
}

/** The letters of ids. */
const WORD = /[A-Za-z0-9._:-]*$/;

/** What may be written at an offset. */
export function completionsAt(context: CompletionContext, offset: number): Completion[] {
  const { text, kind } = context;
  const { path, isAtPropertyKey, previousNode } = getLocation(text, offset);
  const inString =
    previousNode !== undefined &&
    text[previousNode.offset] === '"' &&
    offset > previousNode.offset &&
    (offset < previousNode.offset + previousNode.length || !isClosed(text, previousNode));
  if (isAtPropertyKey) return keys(context, path, offset, inString ? previousNode : undefined);
  if (!inString) return values(context, path, { start: offset, end: offset }, true);
  const start = previousNode.offset + 1;
  const slot = slotOf(kind, path);
  if (slot?.kind === "requirement") return inRequirement(context, decoded(text.slice(start, offset)), offset);
  const end = Math.max(offset, previousNode.offset + previousNode.length - (isClosed(text, previousNode) ? 1 : 0));
  return values(context, path, { start, end: text.slice(offset, end).includes("\n") ? offset : end }, false);
}

const isClosed = (text: string, { offset, length }: { readonly offset: number; readonly length: number }) =>
  length > 1 && text[offset + length - 1] === '"' && !/[\r\n]/.test(text.slice(offset, offset + length));

function keys(
  { kind, text, schema, index }: CompletionContext,
  path: readonly (string | number)[],
  offset: number,
  key: { readonly offset: number; readonly length: number } | undefined,
): Completion[] {
  const parent = path.slice(0, -1);
  const root = parseTree(text);
  const node = root && findNodeAtLocation(root, [...parent]);
  const value: unknown = root && getNodeValue(root);
  const present = new Set(
    node?.children?.flatMap(({ children }) => (children?.[0]?.offset === key?.offset ? [] : [children?.[0]?.value])),
  );
  const range = key
    ? { start: key.offset, end: Math.max(offset, key.offset + key.length) }
    : { start: offset, end: offset };
  const hasColon = /^\s*:/.test(text.slice(range.end));
  const insert = (name: string) => JSON.stringify(name) + (hasColon ? "" : ": ");
  const slot = keySlotOf(kind, [...parent, ""]);
  const ids = slot?.kind === "id" ? symbolsFor(index, slot).map((symbol) => [symbol.id, kindOf(symbol)] as const) : [];
  const known = keysOf(schemasAt(schema, parent, value))
    .sort((a, b) => Number(b.isRequired) - Number(a.isRequired))
    .map(({ key, description }) => [key, description] as const);
  return [...ids, ...known]
    .filter(([name]) => !present.has(name))
    .map(([name, detail]) => ({ label: name, kind: "key", detail, text: insert(name), range }));
}

/** The declared symbols that a slot takes. */
function symbolsFor(index: PolicyIndex, slot: Slot & { readonly kind: "id" }): readonly IndexedSymbol[] {
  return index.symbols.filter(({ kind, declared, of }) => {
    if (declared.length === 0 || of !== undefined) return false;
    if (slot.only) return slot.only.includes(kind);
    return slot.namespace === kind;
  });
}

const detailOf = (symbol: IndexedSymbol) => [symbol.label, kindOf(symbol)].filter(Boolean).join(" · ");

/** What a value may be: with quotes where none are written yet. */
function values(
  { kind, text, schema, index }: CompletionContext,
  path: readonly (string | number)[],
  range: TextRange,
  isBare: boolean,
): Completion[] {
  const slot = slotOf(kind, path);
  const quoted = (value: string) => (isBare ? JSON.stringify(value) : value);
  const literal = (value: string, detail: string): Completion[] =>
    isBare ? [{ label: value, kind: "constant", detail, text: value, range }] : [];
  const id = (symbol: IndexedSymbol, kind: "id" | "value"): Completion => {
    return { label: symbol.id, kind, detail: detailOf(symbol), text: quoted(symbol.id), range };
  };
  if (slot?.kind === "id") return symbolsFor(index, slot).map((symbol) => id(symbol, "id"));
  if (slot?.kind === "value") {
    const { value, kind = "" } = index.find("name", slot.of) ?? {};
    const flags = value === "flag" || value === "switch";
    return [
      ...index.valuesOf(slot.of).map((symbol) => id(symbol, "value")),
      ...(flags ? literal("true", kind) : []),
      ...(value === "switch" ? literal("false", kind) : []),
    ];
  }
  const document: unknown = withoutValue(text, path);
  return constantsOf(schemasAt(schema, path, document)).map(({ value, description }) => {
    return { label: value, kind: "constant", detail: description, text: quoted(value), range };
  });
}

/** The document without the value at a path, so that an unfinished `kind` rules out no alternative. */
function withoutValue(text: string, path: readonly (string | number)[]): unknown {
  const root = parseTree(text);
  const document: unknown = root && getNodeValue(root);
  const parent = path
    .slice(0, -1)
    .reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], document);
  if (typeof parent === "object" && parent !== null && !Array.isArray(parent))
    delete (parent as Record<string | number, unknown>)[path.at(-1)!];
  return document;
}

const COMPARISONS: { readonly [operator: string]: string } = {
  ">=": "at least",
  ">": "more than",
  "<=": "at most",
  "<": "less than",
  "=": "exactly",
  "!=": "not",
};
const KEYWORDS: { readonly [word: string]: string } = {
  not: "the requirement does not hold",
  "allowed(": "another operation is allowed",
  true: "always",
  false: "never",
  and: "both hold",
  or: "one of them holds",
  in: "one of several values",
  "is set": "a number is set",
};

/** What may follow in a requirement, of which `before` is what stands before the offset. */
function inRequirement({ index, words }: CompletionContext, before: string, offset: number): Completion[] {
  const word = WORD.exec(before)![0];
  const { next } = words(before.slice(0, before.length - word.length));
  const prefix = /^(?:actor|before|after)\./.exec(word)?.[0] ?? "";
  const range = { start: offset - word.length + prefix.length, end: offset };
  const symbol = (one: IndexedSymbol, kind: "id" | "value"): Completion => {
    return { label: one.id, kind, detail: detailOf(one), text: one.id, range };
  };
  const keyword = (label: string): Completion => ({
    label,
    kind: "keyword",
    detail: KEYWORDS[label] ?? "",
    text: label,
    range,
  });
  const operands = () =>
    index.symbols.filter(
      ({ kind, declared }) => declared.length > 0 && ["fact", "condition", "privilege"].includes(kind),
    );
  const connectives = [keyword("and"), keyword("or")];
  switch (next.role) {
    case "operand":
      return [
        ...operands().map((one) => symbol(one, "id")),
        ...(prefix ? [] : ["not", "allowed(", "true", "false"].map(keyword)),
      ];
    case "value":
      if (prefix) return operands().map((one) => symbol(one, "id"));
      return index.valuesOf(next.of ?? "").map((one) => symbol(one, "value"));
    case "operation":
      return symbolsFor(index, { kind: "id", namespace: "operation" }).map((one) => symbol(one, "id"));
    case "operator":
      return [
        ...operatorsFor(index, next).map((label): Completion => {
          return { label, kind: "operator", detail: COMPARISONS[label] ?? "", text: label, range };
        }),
        ...testsFor(index, next).map(keyword),
        ...connectives,
      ];
    case "set":
      return [{ ...keyword("set"), detail: KEYWORDS["is set"]! }];
    case "parenthesis":
      return [{ label: "(", kind: "operator", detail: "", text: "(", range }];
    default:
      return next.of === undefined ? connectives : [];
  }
}

/** The comparisons that a fact or privilege has, by the kind of its value. */
function operatorsFor(index: PolicyIndex, { of = "" }: ExpectedWord): string[] {
  switch (index.find("name", of)?.value) {
    case "level":
    case "number":
      return Object.keys(COMPARISONS);
    case "choice":
    case "set":
      return ["=", "!="];
    default:
      return [];
  }
}

function testsFor(index: PolicyIndex, { of = "" }: ExpectedWord): string[] {
  const { value, kind } = index.find("name", of) ?? {};
  if (value === "number") return kind === "privilege" ? ["is set"] : [];
  return value === "level" || value === "choice" || value === "set" ? ["in"] : [];
}
