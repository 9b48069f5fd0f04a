// JSON with comments: subjects, people, tests and rules are read by one parser, with the place of the first fault.
import { parse, printParseErrorCode, type ParseError } from "jsonc-parser";
import { Fault } from "./faults.js";
import { nameOf, readText } from "./files.js";

/** The line and column of a place in a text, from 1. */
export function placeIn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: [...before[before.length - 1]!].length + 1 };
}

/**
 * Parses JSON with comments.
 *
 * @throws Fault with the line and column of the first fault.
 */
export function parseJsonc(text: string, name: string): unknown {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: false, disallowComments: false });
  const [first] = errors;
  if (!first) return value;
  const { line, column } = placeIn(text, first.offset);
  const what = printParseErrorCode(first.error)
    .replace(/(?<=[a-z])(?=[A-Z])/g, " ")
    .toLowerCase();
  throw new Fault(`${name} is not JSON: ${what} at line ${line}, column ${column}; correct it there`, "not-json");
}

/** Reads a file of JSON with comments, or standard input. */
export const readJson = (path: string): unknown => parseJsonc(readText(path), nameOf(path));
