// The layout of documents: two spaces, lists and objects in one line where they fit, comments where they were.
import { createScanner } from "jsonc-parser";
import { filled, WIDTH } from "../jsonc.js";

/** A comment, with whether an empty line precedes it. */
interface Comment {
  readonly text: string;
  readonly isApart: boolean;
}

/** A value with what stands around it. */
interface Member {
  /** Comments on lines of their own before it. */
  readonly before: Comment[];
  /** Whether an empty line precedes it. */
  isApart: boolean;
  /** The key of a member of an object, as it is written. */
  key: string | undefined;
  value: Node;
  /** Comments behind it in the same line. */
  readonly behind: string[];
}

type Node = { readonly kind: "literal"; readonly text: string } | Container;

interface Container {
  readonly kind: "{" | "[";
  readonly members: Member[];
  /** Comments before the end. */
  readonly rest: Comment[];
  /** Whether the first member is in a line of its own. */
  isOpen: boolean;
}

/** The kinds of tokens that matter: the values of `SyntaxKind`, an enumeration that a module cannot import. */
const TOKEN = {
  openBrace: 1,
  closeBrace: 2,
  openBracket: 3,
  closeBracket: 4,
  comma: 5,
  lineComment: 12,
  blockComment: 13,
  lineBreak: 14,
  trivia: 15,
  end: 17,
} as const;

/** Formats a text that was parsed without fault. Formatting it again changes nothing. */
export function format(text: string): string {
  const { before, value, behind, rest } = new Reader(text).document();
  const start = before.map((comment, index) => `${index > 0 && comment.isApart ? "\n" : ""}${comment.text}\n`).join("");
  const end = rest.map(({ text, isApart }) => `${isApart ? "\n" : ""}${text}\n`).join("");
  return `${start}${print(value, "", 0)}${behind.map((comment) => ` ${comment}`).join("")}\n${end}`;
}

/** Reads the tokens of a text as a tree with its comments. */
class Reader {
  readonly #text: string;
  readonly #scanner: ReturnType<typeof createScanner>;
  #token = 0;
  /** The comments before the token, and those in the line of the token before. */
  #before: Comment[] = [];
  #behind: string[] = [];
  #lines = 0;

  constructor(text: string) {
    this.#text = text.replace(/\r\n?/g, "\n");
    this.#scanner = createScanner(this.#text, false);
    this.#next();
  }

  document(): { before: Comment[]; value: Node; behind: string[]; rest: Comment[] } {
    const before = [...this.#behind.map((text) => ({ text, isApart: false })), ...this.#before];
    const value = this.#value();
    return { before, value, behind: this.#behind, rest: this.#before };
  }

  /** Moves to the next token that is no blank, and collects the comments before it. */
  #next(): void {
    this.#before = [];
    this.#behind = [];
    this.#lines = 0;
    let isSameLine = true;
    for (;;) {
      this.#token = Number(this.#scanner.scan());
      const text = this.#source();
      if (this.#token === TOKEN.lineBreak) this.#lines += 1;
      else if (this.#token === TOKEN.lineComment || this.#token === TOKEN.blockComment) {
        if (isSameLine && this.#lines === 0) this.#behind.push(text.trimEnd());
        else {
          this.#before.push({ text: text.trimEnd(), isApart: this.#lines > 1 });
          isSameLine = false;
        }
        this.#lines = 0;
        if (this.#behind.length > 0 && this.#token === TOKEN.lineComment) isSameLine = false;
      } else if (this.#token !== TOKEN.trivia) return;
    }
  }

  #is(token: number): boolean {
    return this.#token === token;
  }

  #value(): Node {
    if (!this.#is(TOKEN.openBrace) && !this.#is(TOKEN.openBracket)) {
      const text = this.#source();
      this.#next();
      return { kind: "literal", text };
    }
    const isObject = this.#is(TOKEN.openBrace);
    const end = isObject ? TOKEN.closeBrace : TOKEN.closeBracket;
    const node: Container = { kind: isObject ? "{" : "[", members: [], rest: [], isOpen: false };
    this.#next();
    node.isOpen = this.#lines > 0 || this.#before.length > 0;
    let pending: Comment[] = this.#behind.map((text) => ({ text, isApart: false }));
    while (!this.#is(end) && !this.#is(TOKEN.end)) {
      const member: Member = {
        before: [...pending, ...this.#before],
        isApart: node.members.length > 0 && this.#lines > 1,
        key: undefined,
        value: { kind: "literal", text: "" },
        behind: [],
      };
      pending = [];
      if (isObject) {
        member.key = this.#source();
        this.#next();
        member.before.push(...this.#inside());
        this.#next(); // the colon
        member.before.push(...this.#inside());
      }
      member.value = this.#value();
      member.behind.push(...this.#behind);
      if (this.#is(TOKEN.comma)) {
        member.before.push(...this.#before);
        this.#next();
        member.behind.push(...this.#behind);
      }
      // A line comment ends the line, so that nothing stands behind it
      while (member.behind.slice(0, -1).some((text) => text.startsWith("//")))
        member.before.push({ text: member.behind.shift()!, isApart: false });
      node.members.push(member);
      if (this.#is(end)) node.rest.push(...this.#before);
    }
    if (node.members.length === 0) node.rest.push(...pending, ...this.#before);
    this.#next();
    return node;
  }

  /** Comments within a member, which move before it. */
  #inside(): Comment[] {
    return [...this.#behind.map((text) => ({ text, isApart: false })), ...this.#before];
  }

  /** The token as it is written. */
  #source(): string {
    const start = this.#scanner.getTokenOffset();
    return this.#text.slice(start, start + this.#scanner.getTokenLength());
  }
}

/** A node whose first line begins behind `used` characters. */
function print(node: Node, indent: string, used: number): string {
  if (node.kind === "literal") return node.text;
  const line = node.isOpen && node.kind === "{" ? undefined : oneLine(node);
  if (line !== undefined && used + line.length <= WIDTH) return line;
  const inner = `${indent}  `;
  const ids = node.kind === "[" && node.rest.length === 0 ? literals(node.members) : undefined;
  if (ids) return `[\n${filled(ids, inner)}\n${indent}]`;
  const parts = node.members.map((member, index) => {
    const key = member.key === undefined ? "" : `${member.key}: `;
    const comma = index < node.members.length - 1 ? "," : "";
    const text = `${inner}${key}${print(member.value, inner, inner.length + key.length + comma.length)}${comma}`;
    return [
      ...member.before.map((comment) => own(comment, inner)),
      `${apart(member)}${text}${member.behind.map((one) => ` ${one}`).join("")}`,
    ].join("\n");
  });
  const rest = node.rest.map((comment) => own(comment, inner));
  const close = node.kind === "{" ? "}" : "]";
  return [node.kind, ...parts, ...rest, `${indent}${close}`].join("\n");
}

/** The texts of members that all are plain ids or numbers without comments. */
function literals(members: readonly Member[]): string[] | undefined {
  const texts = members.flatMap(({ value, before, behind, isApart }) =>
    value.kind === "literal" && before.length + behind.length === 0 && !isApart ? [value.text] : [],
  );
  return texts.length === members.length && texts.length > 0 ? texts : undefined;
}

const apart = ({ isApart }: Member) => (isApart ? "\n" : "");
const own = ({ text, isApart }: Comment, indent: string) => `${isApart ? "\n" : ""}${indent}${text}`;

/** A node in one line; `undefined` if a comment or an open object within it prevents that. */
function oneLine(node: Node): string | undefined {
  if (node.kind === "literal") return node.text;
  if (node.rest.length > 0) return undefined;
  const parts: string[] = [];
  for (const { key, value, before, behind, isApart } of node.members) {
    const text = value.kind === "{" && value.isOpen && value.members.length > 0 ? undefined : oneLine(value);
    if (text === undefined || before.length > 0 || behind.length > 0 || isApart) return undefined;
    parts.push(key === undefined ? text : `${key}: ${text}`);
  }
  if (parts.length === 0) return node.kind === "{" ? "{}" : "[]";
  return node.kind === "{" ? `{ ${parts.join(", ")} }` : `[${parts.join(", ")}]`;
}
