// Writes the module of a policy: its pack, its operations, and its ids as types. The same policy gives the same text.

/**
 * The module of a compiled policy, as JavaScript and as declarations.
 *
 * @param {import("../dist/studio-types.js").PolicyDescription} policy what `describe` says of it
 * @param {Uint8Array} pack what `compile` returned
 * @param {string} privet where the declarations import Privet's types from
 */
export function moduleOf(policy, pack, privet = "privet") {
  return { js: javascript(policy, pack), dts: declarations(policy, privet) };
}

/** Members where there are none: TypeScript would take any member for one of `{}`. */
const NONE = " readonly [none: string]: never ";

/**
 * The pack is inlined, so that there is no file to find at run time; a bundler drops `operations` where nobody reads it. Text
 * stays text, and what is none is base64: of base64 alone a page would load half as much again, and read it ten times as slowly.
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

/** The sections of a pack: its header, the outline, the words, the document, the checksum. */
function sections(pack) {
  const lengths = new DataView(pack.buffer, pack.byteOffset + 5);
  const outline = 13 + lengths.getUint32(0, true);
  const words = outline + lengths.getUint32(4, true);
  const ends = [13, outline, words, pack.length - 4, pack.length];
  return ends.map((end, place) => Buffer.from(pack.subarray(ends[place - 1] ?? 0, end)));
}

/** Text as a literal of JavaScript, in quotes that JSON has few of. */
const literal = (text) => `'${text.replace(/[\\']/g, "\\$&")}'`;

function declarations(policy, privet) {
  const { title, version, fingerprint, operations, privileges, facts, roles, guides, menu, verbs } = policy;
  const obligations = operations.flatMap((operation) => operation.obligations);
  return `// Generated from the policy ${quote(policy.id)}, version ${quote(version)}, fingerprint ${fingerprint}. Do not edit it.
import type { Pack } from ${quote(privet)};

/** What each privilege takes. */
export type GrantValues = {${members(privileges, grantValue, privilegeText) || NONE}};

/** What each fact takes. */
export type FactValues = {${members(facts, factValue, factText) || NONE}};

/** The operations by their ids: each is its own id. */
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

/** Members of an object type, each with its documentation. */
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
    restricts ? "Stands for a restriction: allowed means restricted." : "",
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
    restricting ? "Restricts: it takes something away." : "",
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

/** Literals as a union, each once, in the policy's order. */
function union(named = []) {
  return [...new Set(named.map(({ id }) => quote(id)))].join(" | ") || "never";
}

/** A documentation comment: what is empty is left out, the first stands alone. */
function comment(paragraphs) {
  const [first, ...rest] = paragraphs.filter(Boolean);
  if (first === undefined) return "";
  if (rest.length === 0) return `  /** ${first} */\n`;
  return ["  /**", `   * ${first}`, "   *", ...rest.map((text) => `   * - ${text}`), "   */\n"].join("\n");
}

/** A text of the policy, which may hold anything, in a comment that is read as Markdown: no tag, no end of the comment. */
function prose(text = "") {
  const line = text.replace(/[\s\p{Cc}\p{Cf}]+/gu, " ").trim();
  return line.replace(/[\\`*_<>@[\]{}]/g, "\\$&").replaceAll("*/", "*\\/");
}

/** Requirements and ids: of ids, numbers and operators only. */
function code(text) {
  return `\`${text.replace(/\s+/g, " ").replaceAll("*/", "*\\/")}\``;
}

function quote(text) {
  return JSON.stringify(text).replace(/[\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16)}`);
}
