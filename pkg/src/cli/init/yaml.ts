// YAML as JavaScript values: OpenAPI documents are often written in it.
import { parse, YAMLParseError } from "yaml";
import { Fault } from "../faults.js";

/** The most values that aliases may stand for, by which a short text could become an endless one. */
const MAX_ALIASES = 1000;

/** Refuses a list or object that contains itself by an alias: it has no end. */
function refuseCycles(value: unknown, name: string, inside = new Set<unknown>(), seen = new Set<unknown>()): void {
  if (typeof value !== "object" || value === null || seen.has(value)) return;
  inside.add(value);
  for (const one of Object.values(value)) {
    if (inside.has(one))
      throw new Fault(`${name} has an alias of what it stands in; write out what is meant`, "not-yaml");
    refuseCycles(one, name, inside, seen);
  }
  inside.delete(value);
  seen.add(value);
}

/**
 * Parses YAML.
 *
 * @throws Fault with the line and column of the first fault.
 */
export function parseYaml(text: string, name: string): unknown {
  try {
    const value: unknown = parse(text, { maxAliasCount: MAX_ALIASES, prettyErrors: true });
    refuseCycles(value, name);
    return value;
  } catch (thrown) {
    if (thrown instanceof Fault) throw thrown;
    if (thrown instanceof YAMLParseError) {
      const { line, col } = thrown.linePos?.[0] ?? { line: 1, col: 1 };
      const what = thrown.code.toLowerCase().replaceAll("_", " ");
      throw new Fault(`${name} is not YAML: ${what} at line ${line}, column ${col}; correct it there`, "not-yaml");
    }
    const why = thrown instanceof RangeError ? "it is nested too deeply" : "its aliases cannot be resolved";
    throw new Fault(`${name} is not read as YAML: ${why}; convert it to JSON`, "not-yaml");
  }
}
