// JSON with comments: subjects, people, tests and rules are read by one parser, with the place of the first fault.
import { createScanner, parse, printParseErrorCode, type ParseError } from "jsonc-parser";
import { Fault } from "./faults.js";
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
const TOKEN = { openBrace: 1, closeBrace: 2, openBracket: 3, closeBracket: 4, end: 17 } as const;

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
 * Parses JSON with comments.
 *
 * @throws Fault with the line and column of the first fault.
 */
export function parseJsonc(text: string, name: string): unknown {
  if (isTooDeep(text))
    throw new Fault(`${name} has more than ${MAX_DEPTH} levels of lists and objects; give a flatter file`, "too-deep");
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: false, disallowComments: false });
  const [first] = errors;
  if (!first) return value;
  const { line, column } = placeIn(text, first.offset);
  throw new Fault(
    `${name} is not JSON: ${syntaxFault(first)} at line ${line}, column ${column}; correct it there`,
    "not-json",
  );
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
