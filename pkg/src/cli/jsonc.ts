// JSON with comments: subjects, people, tests and rules are read by one parser, with the place of the first fault.
import { createScanner, parse, printParseErrorCode, visit, type ParseError } from "jsonc-parser";
import { Fault, oneLine } from "./faults.js";
import { nameOf, readText } from "./files.js";

/** The line and column of a place in a text, from 1. */
function placeIn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: [...before[before.length - 1]!].length + 1 };
}

/** Whether a parsed value is an object, and no list. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The deepest nesting that is parsed; documents may have less. */
const MAX_DEPTH = 512;

/** The kinds of tokens of jsonc-parser that count here. */
const TOKEN = { openBrace: 1, closeBrace: 2, openBracket: 3, closeBracket: 4, comma: 5, end: 17 } as const;

/** Whether lists and objects of a text are nested deeper than they are parsed. */
export function isTooDeep(text: string): boolean {
  const scanner = createScanner(text, true);
  let depth = 0;
  for (let token = scanner.scan(); token !== TOKEN.end; token = scanner.scan()) {
    if (token === TOKEN.openBrace || token === TOKEN.openBracket) depth += 1;
    else if (token === TOKEN.closeBrace || token === TOKEN.closeBracket) depth -= 1;
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}

/** A syntax error in words, such as `value expected`. */
export const syntaxFault = ({ error }: ParseError): string =>
  printParseErrorCode(error)
    .replace(/(?<=[a-z])(?=[A-Z])/g, " ")
    .toLowerCase();

/**
 * Parses JSON with comments. A key that stands twice in an object is refused, since readers differ in which of the two they take, and
 * so is `__proto__`, which is no member of the object that is parsed.
 *
 * @throws Fault with the line and column of the first fault.
 */
export function parseJsonc(text: string, name: string): unknown {
  if (isTooDeep(text))
    throw new Fault(`${name} has more than ${MAX_DEPTH} levels of lists and objects; give a flatter file`, "too-deep");
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: false, disallowComments: false });
  const [first] = errors;
  if (first) throw new Fault(`${name} is not JSON: ${syntaxText(text, first)}`, "not-json");
  refuseKeys(text, name);
  return value;
}

const placed = (text: string, offset: number) => {
  const { line, column } = placeIn(text, offset);
  return `at line ${line}, column ${column}`;
};

/** A syntax error with its place and what to do. */
function syntaxText(text: string, first: ParseError): string {
  const comma = trailingComma(text, first.offset);
  if (comma !== undefined)
    return `trailing comma ${placed(text, comma)}; remove it, JSON has no comma after the last entry`;
  return `${syntaxFault(first)} ${placed(text, first.offset)}; correct it there`;
}

/** The offset of a comma that is followed by the end of a list or object at `end`, or up to it by space and comments alone. */
function trailingComma(text: string, end: number): number | undefined {
  const scanner = createScanner(text, true);
  let comma: number | undefined;
  for (let token = scanner.scan(); token !== TOKEN.end; token = scanner.scan()) {
    const isEnd = token === TOKEN.closeBrace || token === TOKEN.closeBracket;
    if (scanner.getTokenOffset() >= end) return isEnd ? comma : undefined;
    comma = token === TOKEN.comma ? scanner.getTokenOffset() : undefined;
  }
  return undefined;
}

/** Refuses keys that stand twice in an object, and `__proto__`. */
function refuseKeys(text: string, name: string): void {
  const open: Set<string>[] = [];
  visit(text, {
    onObjectBegin: () => void open.push(new Set()),
    onObjectEnd: () => void open.pop(),
    onObjectProperty(key, offset) {
      const keys = open.at(-1)!;
      if (key === "__proto__")
        throw new Fault(
          `${name} has the key \`${key}\` ${placed(text, offset)}; remove it, no id and no name may be so`,
          "unknown-key",
        );
      if (keys.has(key))
        throw new Fault(
          `${name} has the duplicate key \`${oneLine(key)}\` ${placed(text, offset)}; remove one of the two`,
          "duplicate-key",
        );
      keys.add(key);
    },
  });
}

/**
 * Parses JSON without comments in a line, where speed counts.
 *
 * @throws Fault, as {@link parseJsonc}.
 */
export function parseLine(text: string, name: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Fault(`${name} is not JSON`, "not-json");
  }
  // A text without spaces is compared faster. Keys that are written and not in the value stood twice; the slower parser tells which
  const isWhole = JSON.stringify(value) === text || keysIn(value) === keysWritten(text);
  return isWhole ? value : parseJsonc(text, name);
}

/** How many keys the objects of a value have. */
function keysIn(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const members = Object.values(value);
  return members.reduce<number>((sum, one) => sum + keysIn(one), Array.isArray(value) ? 0 : members.length);
}

/** How many keys a text of JSON has: strings with a colon behind them. */
function keysWritten(text: string): number {
  const strings = /"[^"\\]*(?:\\.[^"\\]*)*"\s*(:?)/g;
  let count = 0;
  for (let found = strings.exec(text); found !== null; found = strings.exec(text)) if (found[1]) count += 1;
  return count;
}

/** Reads a file of JSON with comments, or standard input. */
export const readJson = (path: string): unknown => parseJsonc(readText(path), nameOf(path));

/** The widest line that is written, where it can be broken. */
export const WIDTH = 120;

/** JSON whose lists and objects are in one line where they fit, and otherwise one member a line. */
export function compactJson(value: unknown, indent = ""): string {
  const line = oneLineJson(value);
  if (indent.length + line.length <= WIDTH || typeof value !== "object" || value === null) return line;
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.every((one) => typeof one !== "object")) return `[\n${filled(value.map(oneLineJson), inner)}\n${indent}]`;
    return `[\n${value.map((one) => inner + compactJson(one, inner)).join(",\n")}\n${indent}]`;
  }
  const members = Object.entries(value).filter(([, one]) => one !== undefined);
  return `{\n${members.map(([key, one]) => `${inner}${JSON.stringify(key)}: ${compactJson(one, inner)}`).join(",\n")}\n${indent}}`;
}

function oneLineJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(oneLineJson).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, one]) => one !== undefined);
  return members.length > 0
    ? `{ ${members.map(([key, one]) => `${JSON.stringify(key)}: ${oneLineJson(one)}`).join(", ")} }`
    : "{}";
}

/** Short values, as many in a line as fit. */
export function filled(values: readonly string[], indent: string): string {
  const lines: string[] = [];
  for (const value of values) {
    const last = lines.at(-1);
    if (last !== undefined && indent.length + last.length + value.length + 3 <= WIDTH)
      lines[lines.length - 1] = `${last}, ${value}`;
    else lines.push(value);
  }
  return lines.map((line, index) => `${indent}${line}${index < lines.length - 1 ? "," : ""}`).join("\n");
}
