// What `exports` of package.json names.
import { readFileSync } from "node:fs";

const { exports } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));

/** The paths below a value of `exports`, with those of nested conditions. */
const below = (value) => (typeof value === "string" ? [value] : Object.values(value).flatMap(below));

/** All paths, each once. A pattern has a `*`. */
export const pathsOf = () => [...new Set(below(exports))];
