// The people of a file, all at once: JSON, JSON lines, or a table.
import type { Subject } from "privet";
import type { PolicyDescription } from "privet/studio";
import { Fault } from "../faults.js";
import { nameOf } from "../files.js";
import { isObject, readJson } from "../jsonc.js";
import { hasLines, peopleOfLines } from "./lines.js";
import { personOf, type Line, type Person } from "./policy.js";

/** The people of a file, and those whose line says nothing that can be decided. */
export interface People {
  readonly people: readonly Person[];
  readonly errors: readonly { readonly name: string; readonly message: string }[];
}

/**
 * Reads people: a list of subjects, each with a `name` or `id` besides, an object of subjects by name, or a file with a line for each
 * ({@link hasLines}). `warn` gets warnings about the whole file.
 *
 * @throws Fault for anything else.
 */
export async function readPeople(
  path: string,
  describe: () => PolicyDescription,
  warn: (text: string) => void,
): Promise<People> {
  if (!hasLines(path)) return { people: peopleOf(readJson(path), path), errors: [] };
  const lines: Line[] = [];
  for await (const some of peopleOfLines(path, describe, warn)) for (const line of some) lines.push(line);
  return {
    people: lines.flatMap((line) => ("fault" in line ? [] : [{ name: line.name, subject: line.subject }])),
    errors: lines.flatMap((line) =>
      "fault" in line ? [{ name: line.name, message: `line ${line.line}: ${line.fault}` }] : [],
    ),
  };
}

function peopleOf(value: unknown, path: string): Person[] {
  if (isObject(value))
    return Object.entries(value).map(([name, subject], index) =>
      name.trim() === ""
        ? { name: `person ${index + 1}`, subject: subject as Subject }
        : { name, subject: subject as Subject },
    );
  if (!Array.isArray(value))
    throw new Fault(`${nameOf(path)} has no people; give a list of subjects, or subjects by name`);
  return value.map((row: unknown, index) => personOf(row, index + 1));
}

/**
 * Refuses people of one name, where names are keys.
 *
 * @throws Fault for the first name that is given twice.
 */
export function distinctNames(people: readonly Person[], path: string): void {
  const names = new Set<string>();
  for (const { name } of people) {
    if (names.has(name))
      throw new Fault(
        `two people of ${nameOf(path)} are named \`${name}\`; give each a name of their own`,
        "duplicate-name",
      );
    names.add(name);
  }
}

/** What the documents of two versions have, for a table of people whose columns either may name. The later one goes first. */
export function joined(before: PolicyDescription, after: PolicyDescription): PolicyDescription {
  const all = <T extends { readonly id: string }>(later: readonly T[], earlier: readonly T[]): T[] => [
    ...later,
    ...earlier.filter(({ id }) => !later.some((one) => one.id === id)),
  ];
  return {
    ...after,
    privileges: all(after.privileges, before.privileges),
    facts: all(after.facts, before.facts),
    roles: all(after.roles, before.roles),
  };
}
