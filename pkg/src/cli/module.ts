// Generates the module of a policy: its pack, its operations, and its ids as types. The output is deterministic.
import type {
  FactDescription,
  OperationDescription,
  OptionDescription,
  PolicyDescription,
  PrivilegeDescription,
} from "../studio/types.js";

/** How a module refers to Privet. */
export interface ModuleOptions {
  /** The module from which the declarations import Privet's types; by default `privet`. */
  readonly types?: string;
  /** Whether the module also exports the opened policy as `policy`. */
  readonly isOpened?: boolean;
  /** Whether the declarations make it the policy of Privet's adapters: see `Register`. */
  readonly register?: boolean;
  /** The module whose `open` opens it: by default `privet`; `privet/js` needs no WebAssembly. */
  readonly opener?: string;
  /** The object by which a bundler replaces the module while a page is open; by default it is not replaced. */
  readonly hot?: "import.meta.hot" | "import.meta.webpackHot" | undefined;
}

/** The module of a compiled policy, as JavaScript and as declarations. */
export function moduleOf(
  policy: PolicyDescription,
  pack: Uint8Array,
  { types = "privet", isOpened = false, register = false, opener = "privet", hot }: ModuleOptions = {},
): { js: string; dts: string } {
  const js = javascript(policy, pack, isOpened ? opener : undefined);
  return {
    js: hot ? replaceable(js, hot) : js,
    dts: declarations(policy, types, isOpened) + (register ? registration(types) : ""),
  };
}

/** The members of an empty object type: TypeScript would accept any property for `{}`. */
const NONE = " readonly [none: string]: never ";

/**
 * The pack is inlined, so that no file has to be located at run time; bundlers remove `operations` where it is unused. Sections of
 * text are string literals and the program is a list of its words: compressed this is smaller than base64. It runs in
 * engines that have ECMAScript alone, such as Hermes, which may have no `TextEncoder` and no `atob`.
 */
function javascript({ operations }: PolicyDescription, pack: Uint8Array, opener: string | undefined): string {
  const ids = operations.map(({ id }) => id).join(" ");
  const [header, names, program, reasons, document, checksum] = sections(pack);
  const parts = [list(header), string(names), list(program), list(reasons), string(document), list(checksum)];
  return `${opener === undefined ? "" : `import { open } from ${JSON.stringify(opener)};\n`}const text = (text) =>
  typeof TextEncoder === "function"
    ? new TextEncoder().encode(text)
    : Uint8Array.from(unescape(encodeURIComponent(text)), (letter) => letter.charCodeAt(0));
const words = (list) => new Uint8Array(new Uint32Array(list).buffer);
export const pack = new Uint8Array(${pack.length});
[${parts}].reduce((at, part) => (pack.set(part, at), at + part.length), 0);
export default pack;
export const operations = /* @__PURE__ */ (() =>
  Object.freeze(Object.fromEntries("${ids}".split(" ").flatMap((id) => (id ? [[id, id]] : [])))))();
${opener === undefined ? "" : "export const policy = /* @__PURE__ */ open(pack);\n"}`;
}

/**
 * A module that a bundler may replace: those who imported it see the new values, since they are bound to its variables. Then the page
 * is told by an event `privet:policy`. Where nobody handles it, the bundler goes on with the modules that import this one.
 */
function replaceable(js: string, hot: NonNullable<ModuleOptions["hot"]>): string {
  const variables = js.replaceAll(/^export const /gm, "export let ");
  const retry = hot === "import.meta.hot" ? `${hot}.invalidate()` : "location.reload()";
  return `${variables}if (${hot}) {
  const { update = [], policy: before } = ${hot}.data ?? {};
  for (const assign of update) assign({ pack, operations, policy });
  const assign = (next) => ({ pack, operations, policy } = next);
  ${hot}.dispose((data) => Object.assign(data, { update: [...update, assign], policy }));
  const tell = () => {
    if (!before || typeof document === "undefined") return;
    const event = new CustomEvent("privet:policy", { cancelable: true, detail: { before, policy } });
    if (dispatchEvent(event)) ${retry};
  };
${
  hot === "import.meta.hot"
    ? `  ${hot}.data.tell = tell;
  ${hot}.accept((next) => next && ${hot}.data.tell());`
    : `  ${hot}.accept();
  tell();`
}
}
`;
}

/**
 * The module of a document that does not compile, for bundlers that go on after an error. A page that is open keeps the policy that it has,
 * and the next version that compiles replaces that one.
 */
export const emptyModule = (hot: ModuleOptions["hot"]): string => `export let pack, policy, operations;
export default pack;
${
  hot
    ? `if (${hot}) {
  const { update = [], policy: before } = ${hot}.data ?? {};
  const assign = (next) => ({ pack, operations, policy } = next);
  ${hot}.dispose((data) => Object.assign(data, { update: [...update, assign], policy: before }));
  ${hot}.accept();
}
`
    : ""
}`;

/** The sections of a pack: its header, the names, the program, the reasons, the document, the checksum. */
function sections(pack: Uint8Array): [Buffer, Buffer, Buffer, Buffer, Buffer, Buffer] {
  const lengths = new DataView(pack.buffer, pack.byteOffset);
  let end = 0;
  const next = (length: number) => {
    const from = end;
    end += length;
    return Buffer.from(pack.subarray(from, end));
  };
  const [names, program, reasons, document] = [5, 9, 13, 17].map((at) => lengths.getUint32(at, true)) as [
    ...[number, number, number, number],
  ];
  return [next(21), next(names), next(program), next(reasons), next(document), next(4)];
}

/** A section of text as the code of its bytes. */
const string = (section: Buffer) => `text(${literal(section.toString())})`;

/** Any other section as the code of its bytes. */
function list(section: Buffer): string {
  if (section.length % 4) return `[${[...section]}]`;
  return `words([${Array.from({ length: section.length / 4 }, (_, place) => section.readUInt32LE(4 * place))}])`;
}

/** Text as a JavaScript literal in single quotes, which are rare in JSON. */
const literal = (text: string) => `'${text.replace(/[\\']/g, "\\$&")}'`;

/** The declaration by which the hooks and components of the adapters know the ids. */
const registration = (privet: string) => `
declare module ${quote(privet)} {
  interface Register {
    schema: Schema;
  }
}
`;

function declarations(policy: PolicyDescription, privet: string, isOpened: boolean): string {
  const { title, version, fingerprint, operations, privileges, facts, roles, guides, menu, verbs } = policy;
  const obligations = operations.flatMap((operation) => operation.obligations);
  return `// Generated from the policy ${quote(policy.id)}, version ${quote(version)}, fingerprint ${fingerprint}. Do not edit it.
import type { Pack${isOpened ? ", Policy" : ""} } from ${quote(privet)};

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
${isOpened ? `\n/** ${prose(title)}, opened. */\nexport declare const policy: Policy<Schema>;\n` : ""}`;
}

/** The members of an object type, each with its documentation. */
function members<T extends { readonly id: string }>(
  entries: readonly T[],
  type: (entry: T) => string,
  text: (entry: T) => string[],
): string {
  const lines = entries.map((entry) => `${comment(text(entry))}  readonly ${quote(entry.id)}: ${type(entry)};\n`);
  return lines.length > 0 ? `\n${lines.join("")}` : "";
}

function grantValue({ kind, levels, options }: PrivilegeDescription): string {
  const types = {
    flag: () => "boolean",
    level: () => union(levels),
    choice: () => union(options),
    set: () => `readonly (${union(options)})[]`,
    number: () => "number",
  };
  return types[kind]();
}

function factValue({ kind, options, levels }: FactDescription): string {
  const types = {
    switch: () => "boolean",
    choice: () => union(options),
    level: () => union(levels),
    number: () => "number",
  };
  return types[kind]();
}

function operationText({ label, menu, requires, obligations, restricts, note }: OperationDescription): string[] {
  return [
    prose(label),
    requires.text ? `Requires ${code(requires.text)}.` : "",
    ...obligations.map((owed) => `Owes: ${prose(owed.label)}, when ${code(owed.when.text)}.`),
    ...menu.map((path) => `Menu: ${path.map((item) => prose(item.label)).join(" › ")}.`),
    restricts ? "Restricts: allowed means restricted." : "",
    prose(note),
  ];
}

function privilegeText(privilege: PrivilegeDescription): string[] {
  const { label, group, kind, levels, options, requires, restricting, unit, min, max, note } = privilege;
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

function factText({ label, options, levels, where, note }: FactDescription): string[] {
  return [prose(label), values(levels ?? options), where ? `Where: ${prose(where)}.` : "", prose(note)];
}

function values(named: readonly OptionDescription[] | undefined): string {
  return named
    ? `${named.map(({ id, label }) => (id === label ? code(id) : `${code(id)} ${prose(label)}`)).join(", ")}.`
    : "";
}

/** A union of the ids as literals, without duplicates, in policy order. */
function union(named: readonly { readonly id: string }[] = []): string {
  return [...new Set(named.map(({ id }) => quote(id)))].join(" | ") || "never";
}

/** A documentation comment: the first paragraph, then the others as a list. Empty paragraphs are omitted. */
function comment(paragraphs: readonly string[]): string {
  const [first, ...rest] = paragraphs.filter(Boolean);
  if (first === undefined) return "";
  if (rest.length === 0) return `  /** ${first} */\n`;
  return ["  /**", `   * ${first}`, "   *", ...rest.map((text) => `   * - ${text}`), "   */\n"].join("\n");
}

/** Escapes text of the policy for a comment that is read as Markdown: no markup, no tag, no end of the comment. */
function prose(text = ""): string {
  const line = text.replace(/[\s\p{Cc}\p{Cf}]+/gu, " ").trim();
  return line.replace(/[\\`*_<>@[\]{}]/g, "\\$&").replaceAll("*/", "*\\/");
}

/** A requirement or id as Markdown code. It consists of ids, numbers and operators only. */
function code(text: string): string {
  return `\`${text.replace(/\s+/g, " ").replaceAll("*/", "*\\/")}\``;
}

function quote(text: string): string {
  return JSON.stringify(text).replace(/[\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16)}`);
}
