// Conditions of Cedar as a graph: equal parts are one object, so that the tests of a privilege that many requirements read are made once,
// and the size that a condition has when it is written out is known before it is written.

/** A condition. `size` is the number of its tests when it is written out, `depth` the nesting that a reader of it meets. */
export interface Expression {
  readonly kind: "constant" | "test" | "not" | "all" | "any";
  readonly value?: boolean;
  /** Of a test: its text, which needs no parentheses beside any operator. */
  readonly text?: string;
  readonly parts: readonly Expression[];
  readonly size: number;
  readonly depth: number;
  readonly key: number;
}

/** A condition that has more tests, or is nested deeper, than Cedar's readers take. */
export class TooLarge extends Error {}

/** Tests of one condition. Cedar has no names for parts of conditions, so what is read in two places is written twice. */
export const MAX_TESTS = 4_096;
/** Nesting of one condition. Above it the stack of Cedar as WebAssembly can overflow. */
export const MAX_DEPTH = 48;
/** Parts that stand side by side without parentheses. Cedar nests them to the left, one level for each. */
const ROW = 16;

/** Makes conditions, and removes from them what is constant, nested without need, or there twice. */
export class Expressions {
  readonly #known = new Map<string, Expression>();

  #intern(kind: Expression["kind"], own: string, parts: readonly Expression[], more: Partial<Expression>): Expression {
    const key = `${kind} ${own} ${parts.map((part) => part.key).join(" ")}`;
    const known = this.#known.get(key);
    if (known) return known;
    const size = parts.reduce((sum, part) => sum + part.size, kind === "test" ? 1 : 0);
    const depth = Math.max(0, ...parts.map((part) => part.depth)) + levels(parts.length);
    if (size > MAX_TESTS)
      throw new TooLarge(`its requirement, written out with all that it depends on, has more than ${MAX_TESTS} tests`);
    if (depth > MAX_DEPTH)
      throw new TooLarge(
        `its requirement, written out with all that it depends on, is nested deeper than ${MAX_DEPTH}`,
      );
    const made: Expression = { kind, parts, size, depth, key: this.#known.size, ...more };
    this.#known.set(key, made);
    return made;
  }

  /** `true` or `false`. */
  constant(value: boolean): Expression {
    return this.#intern("constant", String(value), [], { value });
  }

  /** A test by its text, which is put into parentheses unless it is an attribute, a call or in parentheses. */
  test(text: string): Expression {
    return this.#intern("test", text, [], { text });
  }

  not(part: Expression): Expression {
    if (part.kind === "constant") return this.constant(!part.value);
    return part.kind === "not" ? part.parts[0]! : this.#intern("not", "", [part], {});
  }

  all(...parts: readonly Expression[]): Expression {
    return this.#several("all", parts, true);
  }

  any(...parts: readonly Expression[]): Expression {
    return this.#several("any", parts, false);
  }

  /** `neutral` changes nothing among the parts; its opposite decides. */
  #several(kind: "all" | "any", parts: readonly Expression[], neutral: boolean): Expression {
    const flat = new Set<Expression>();
    for (const part of parts)
      for (const one of part.kind === kind ? part.parts : [part]) {
        if (one.kind !== "constant") flat.add(one);
        else if (one.value !== neutral) return this.constant(!neutral);
      }
    const [first] = flat;
    if (first === undefined) return this.constant(neutral);
    return flat.size === 1 ? first : this.#intern(kind, "", [...flat], {});
  }
}

/** How deep a row of parts is nested. */
const levels = (parts: number): number => (parts <= ROW ? 1 : 1 + Math.ceil(Math.log2(parts / ROW)));

/** The condition as Cedar writes it. */
export function written({ kind, value, text, parts }: Expression): string {
  switch (kind) {
    case "constant":
      return String(value);
    case "test":
      return text!;
    case "not":
      return `!${nested(parts[0]!)}`;
    default:
      return row(parts.map(nested), kind === "all" ? " && " : " || ");
  }
}

/** The condition as a part of another one. */
const nested = (part: Expression): string =>
  part.kind === "all" || part.kind === "any" ? `(${written(part)})` : written(part);

/** Parts side by side; many of them as halves, so that they are not nested one in the other. */
function row(parts: readonly string[], operator: string): string {
  if (parts.length <= ROW) return parts.join(operator);
  const half = parts.length >> 1;
  return `(${row(parts.slice(0, half), operator)})${operator}(${row(parts.slice(half), operator)})`;
}

/** A string literal of Cedar. */
export const quoted = (text: string): string =>
  `"${text.replace(/["\\]|[\p{Cc}\p{Cf}\u2028\u2029]/gu, (char) =>
    char === '"' || char === "\\" ? `\\${char}` : `\\u{${char.codePointAt(0)!.toString(16)}}`,
  )}"`;
