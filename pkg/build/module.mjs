// Generates the module of a policy: its pack, its operations, and its ids as types. The output is deterministic.

/**
 * The module of a compiled policy, as JavaScript and as declarations.
 *
 * @param {import("../dist/studio/types.js").PolicyDescription} policy the result of `describe`
 * @param {Uint8Array} pack the result of `compile`
 * @param {string} privet the module from which the declarations import Privet's types
 */
export function moduleOf(policy, pack, privet = "privet") {
  return { js: javascript(policy, pack), dts: declarations(policy, privet) };
}

/** The members of an empty object type: TypeScript would accept any property for `{}`. */
const NONE = " readonly [none: string]: never ";

/**
 * The pack is inlined, so that no file has to be located at run time; bundlers remove `operations` where it is unused. Sections of
 * text are string literals and binary sections are base64: a pack in base64 alone is half as large again when compressed, and
 * decodes ten times as slowly.
 */
function javascript({ operations }, pack) {
  const ids = operations.map(({ id }) => id).join(" ");
  const parts = sections(pack).map((section, place) =>
    place % 2 ? `text(${literal(section.toString())})` : `bytes("${section.toString("base64")}")`,
  );
  return `const text = (text) => new TextEncoder().encode(text);
const bytes = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
export const pack = new Uint8Array(${pack.length});
[${parts}].reduce((at, part) => (pack.set(part, at), at + part.length), 0);
export default pack;
export const operations = /* @__PURE__ */ (() =>
  Object.freeze(Object.fromEntries("${ids}".split(" ").flatMap((id) => (id ? [[id, id]] : [])))))();
`;
}

/** The sections of a pack: its header, the names, the program, the document, the checksum. */
function sections(pack) {
  const lengths = new DataView(pack.buffer, pack.byteOffset + 5);
  const names = 21 + lengths.getUint32(0, true);
  const program = names + lengths.getUint32(4, true);
  const ends = [21, names, program, pack.length - 4, pack.length];
  return ends.map((end, place) => Buffer.from(pack.subarray(ends[place - 1] ?? 0, end)));
}

/** Text as a JavaScript literal in single quotes, which are rare in JSON. */
const literal = (text) => `'${text.replace(/[\\']/g, "\\$&")}'`;

function declarations(policy, privet) {
  const { title, version, fingerprint, operations, privileges, facts, roles, guides, menu, verbs } = policy;
  const obligations = operations.flatMap((operation) => operation.obligations);
  return `// Generated from the policy ${quote(policy.id)}, version ${quote(version)}, fingerprint ${fingerprint}. Do not edit it.
import type { Pack } from ${quote(privet)};

/** The value type of each privilege. */
export type GrantValues = {${members(privileges, grantValue, privilegeText) || NONE}};

/** The value type of each fact. */
export type FactValues = {${members(facts, factValue, factText) || NONE}};

/** The operation ids by themselves, for completion and documentation on hover. */
export declare const operations: {${members(operations, ({ id }) => quote(id), operationText)}};

/** The ids of ${prose(title)}. */
export interface Schema {
  readonly operations: keyof typeof operations;
  readonly privileges: ${privileges.length > 0 ? "keyof GrantValues" : "never"};
  readonly facts: ${facts.length > 0 ? "keyof FactValues" : "never"};
  readonly roles: ${union(roles)};
  readonly guides: ${union(guides)};
  readonly menu: ${union(menu)};
  readonly verbs: ${union(verbs)};
  readonly obligations: ${union(obligations)};
  readonly grantValues: GrantValues;
  readonly factValues: FactValues;
}

/** ${prose(title)}, compiled: for \`open\`. */
export declare const pack: Pack<Schema>;
export default pack;
`;
}

/** The members of an object type, each with its documentation. */
function members(entries, type, text) {
  const lines = entries.map((entry) => `${comment(text(entry))}  readonly ${quote(entry.id)}: ${type(entry)};\n`);
  return lines.length > 0 ? `\n${lines.join("")}` : "";
}

function grantValue({ kind, levels, options }) {
  const types = {
    flag: () => "boolean",
    level: () => union(levels),
    choice: () => union(options),
    set: () => `readonly (${union(options)})[]`,
    number: () => "number",
  };
  return types[kind]();
}

function factValue({ kind, options }) {
  return { switch: () => "boolean", choice: () => union(options), number: () => "number" }[kind]();
}

function operationText({ label, menu, requires, obligations, restricts, note }) {
  return [
    prose(label),
    requires.text ? `Requires ${code(requires.text)}.` : "",
    ...obligations.map((owed) => `Owes: ${prose(owed.label)}, when ${code(owed.when.text)}.`),
    ...menu.map((path) => `Menu: ${path.map((item) => prose(item.label)).join(" › ")}.`),
    restricts ? "Restricts: allowed means restricted." : "",
    prose(note),
  ];
}

function privilegeText({ label, group, kind, levels, options, requires, restricting, unit, min, max, note }) {
  const range = [
    min === undefined ? "" : `from ${min}`,
    max === undefined ? "" : `to ${max}`,
    unit ? `(${prose(unit)})` : "",
  ];
  const number = ["A number", ...range].filter(Boolean).join(" ");
  return [
    group ? `${prose(group)}: ${prose(label)}` : prose(label),
    values(levels ?? options),
    kind === "number" ? `${number}.` : "",
    requires ? `Has an effect only with ${code(requires.text)}.` : "",
    restricting ? "Restricts: holding it takes something away." : "",
    prose(note),
  ];
}

function factText({ label, options, where, note }) {
  return [prose(label), values(options), where ? `Where: ${prose(where)}.` : "", prose(note)];
}

function values(named) {
  return named
    ? `${named.map(({ id, label }) => (id === label ? code(id) : `${code(id)} ${prose(label)}`)).join(", ")}.`
    : "";
}

/** A union of the ids as literals, without duplicates, in policy order. */
function union(named = []) {
  return [...new Set(named.map(({ id }) => quote(id)))].join(" | ") || "never";
}

/** A documentation comment: the first paragraph, then the others as a list. Empty paragraphs are omitted. */
function comment(paragraphs) {
  const [first, ...rest] = paragraphs.filter(Boolean);
  if (first === undefined) return "";
  if (rest.length === 0) return `  /** ${first} */\n`;
  return ["  /**", `   * ${first}`, "   *", ...rest.map((text) => `   * - ${text}`), "   */\n"].join("\n");
}

/** Escapes text of the policy for a comment that is read as Markdown: no markup, no tag, no end of the comment. */
function prose(text = "") {
  const line = text.replace(/[\s\p{Cc}\p{Cf}]+/gu, " ").trim();
  return line.replace(/[\\`*_<>@[\]{}]/g, "\\$&").replaceAll("*/", "*\\/");
}

/** A requirement or id as Markdown code. It consists of ids, numbers and operators only. */
function code(text) {
  return `\`${text.replace(/\s+/g, " ").replaceAll("*/", "*\\/")}\``;
}

function quote(text) {
  return JSON.stringify(text).replace(/[\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16)}`);
}
