// Requirements in the words of the product: labels in place of ids.
import type { PolicyDescription, RequirementTest, RequirementTree } from "../studio/types.js";

/** The labels of a policy, by what has them. */
export class Labels {
  readonly #values = new Map<string, Map<string, string>>();
  readonly #names = new Map<string, string>();
  readonly #operations: ReadonlyMap<string, string>;
  readonly #tops = new Map<string, string>();

  constructor(policy: PolicyDescription) {
    for (const { id, label } of policy.conditions) this.#names.set(id, label);
    for (const entry of [...policy.facts, ...policy.privileges]) {
      this.#names.set(entry.id, entry.label);
      this.#values.set(
        entry.id,
        new Map([...(entry.levels ?? []), ...(entry.options ?? [])].map(({ id, label }) => [id, label])),
      );
      const top = entry.levels?.at(-1);
      if (top) this.#tops.set(entry.id, top.id);
    }
    this.#operations = new Map(policy.operations.map(({ id, label }) => [id, label]));
  }

  /** The label of a fact, condition or privilege. */
  name(id: string): string {
    return this.#names.get(id) ?? id;
  }

  /** The label of a level or option. */
  value(id: string, value: string): string {
    return this.#values.get(id)?.get(value) ?? value;
  }

  /** The label of an operation. */
  operation(id: string): string {
    return this.#operations.get(id) ?? id;
  }

  /** A value that is granted or given, in labels. */
  granted(id: string, value: unknown): string {
    if (value === true) return this.name(id);
    if (value === false) return `${this.name(id)}: off`;
    const values = Array.isArray(value) ? value : [value];
    return `${this.name(id)}: ${values.map((one) => this.value(id, String(one))).join(", ")}`;
  }

  /** A requirement in words. */
  words(tree: RequirementTree): string {
    return this.#tree(tree, false);
  }

  #tree(tree: RequirementTree, isInner: boolean): string {
    switch (tree.kind) {
      case "test":
        return this.#test(tree);
      case "not":
        return `not ${tree.children.map((child) => this.#tree(child, true)).join("")}`;
      case "unknown":
        return "unknown";
      default: {
        if (tree.children.length === 0) return tree.kind === "all" ? "nothing: it is always so" : "never";
        const joined = tree.children
          .map((child) => this.#tree(child, true))
          .join(tree.kind === "all" ? " and " : " or ");
        return isInner && tree.children.length > 1 ? `(${joined})` : joined;
      }
    }
  }

  #test({ test, id, op, value, values, whose }: RequirementTest): string {
    const name = whose
      ? `${{ actor: "the actor's", before: "before:", after: "after:" }[whose]} ${this.name(id)}`
      : this.name(id);
    const right = typeof value === "object" ? this.#other(value) : this.value(id, String(value ?? values?.[0]));
    switch (test) {
      case "held":
      case "condition":
        return name;
      case "on":
        return `${name} is on`;
      case "is-set":
        return `${name} is set`;
      case "allowed":
        return `“${this.operation(id)}” is allowed`;
      case "option":
        if (op === "in") return `${name}: ${(values ?? []).map((one) => this.value(id, one)).join(" or ")}`;
        return op === "!=" ? `${name} is not ${right}` : `${name}: ${right}`;
      case "level":
        if (op === ">=") return `${name}: ${right}${this.#tops.get(id) === value ? "" : " or higher"}`;
        if (op === "=" || op === "!=") return `${name} is ${op === "=" ? "exactly" : "not"} ${right}`;
        return `${name} ${{ ">": "above", "<": "below", "<=": "up to" }[op ?? ""] ?? op} ${right}`;
      default:
        return `${name} ${{ ">=": "≥", "<=": "≤", "!=": "≠" }[op ?? ""] ?? op ?? ""} ${right}`;
    }
  }

  #other({ whose, id }: { readonly whose: string | null; readonly id: string }): string {
    return whose === "actor"
      ? `the actor's ${this.name(id)}`
      : whose === "before"
        ? `${this.name(id)} before`
        : this.name(id);
  }
}

/** The ids of facts, conditions and privileges that a requirement reads. */
export function readBy(tree: RequirementTree): string[] {
  if (tree.kind === "unknown") return [];
  if (tree.kind !== "test") return [...new Set(tree.children.flatMap(readBy))];
  return tree.test === "allowed" ? [] : [tree.id];
}
