// errors.mjs [--write]: the texts of errors, src/util/messages.json, as modules of both languages, so that each text stands once: a macro
// for Rust, src/util/messages.rs, and constants for TypeScript, src/core/messages.ts. Both are checked in; pkg/test/errors.test.mjs
// checks that they are current.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = new URL("../../", import.meta.url);
const NOTE = "Generated from src/util/messages.json by pkg/build/errors.mjs; `npm run errors --prefix pkg` writes it.";

/** The names of a text's parts, once each, in order. */
const partsOf = (text) => [...new Set([...text.matchAll(/\{([\w-]+)\}/g)].map(([, name]) => name))];
const snake = (name) => name.replaceAll("-", "_");
const camel = (name) => name.replaceAll(/-(\w)/g, (_, letter) => letter.toUpperCase());

/** An expression of Rust for a text, whose parts are variables. */
function rustText(text, isOwned) {
  const parts = partsOf(text);
  const literal = JSON.stringify(text.replaceAll(/\{([\w-]+)\}/g, (_, part) => `{${snake(part)}}`));
  if (text === `{${parts[0]}}`) return `String::from($${snake(parts[0])})`;
  return parts.length ? `format!(${literal})` : isOwned ? `String::from(${literal})` : literal;
}

/** An arm of the macro: a text, or what is wrong and what to do. */
function arm([name, text]) {
  const pieces = text.split("; ");
  const parts = partsOf(text);
  const values = pieces.map((piece) => rustText(piece, pieces.length > 1));
  const used = parts.filter((part) => values.some((value) => value.includes(`{${snake(part)}}`)));
  const lines = [
    ...used.map((part) => `let ${snake(part)} = &$${snake(part)};`),
    values.length > 1 ? `(${values.join(", ")})` : values[0],
  ];
  const pattern = [snake(name), ...parts.map((part) => `$${snake(part)}:expr`)].join(", ");
  const body = lines.map((line) => `        ${line}\n`).join("");
  return used.length ? `    (${pattern}) => {{\n${body}    }};\n` : `    (${pattern}) => {\n${body}    };\n`;
}

/** The modules by their paths in the repository. */
export function modules() {
  const texts = Object.entries(JSON.parse(readFileSync(new URL("src/util/messages.json", root), "utf8")));
  const rust = `//! The texts of errors. ${NOTE}

/// A text with its parts in the order in which they occur. Of a text that says what to do: what is wrong, and what to do.
#[rustfmt::skip]
macro_rules! message {
${texts.map(arm).join("")}}
pub(crate) use message;
`;
  const constants = texts.map(([name, text]) => {
    const parts = partsOf(text);
    const numbered = text.replaceAll(/\{([\w-]+)\}/g, (_, part) => `{${parts.indexOf(part)}}`);
    const type = `Message<[${parts.map((part) => `${camel(part)}: Part`).join(", ")}]>`;
    return `export const ${camel(name)} = ${JSON.stringify(numbered)} as ${type};\n`;
  });
  const typescript = `// The texts of errors. ${NOTE}
import type { Message, Part } from "./say.js";

${constants.join("")}`;
  return { "src/util/messages.rs": rust, "pkg/src/core/messages.ts": typescript };
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const [path, text] of Object.entries(modules())) writeFileSync(new URL(path, root), text);
