// The ids in a file of policy tests, which names symbols of its policy.
import { parseTree, type Node } from "jsonc-parser";
import type { IndexedSymbol, RequirementWords } from "../studio/types.js";
import { namespaceOf, type Namespace, type PolicyIndex } from "./policy-index.js";
import { ByteOffsets, offsetInLiteral, type TextRange } from "./positions.js";
import { keySlotOf, slotOf, type Slot } from "./slots.js";

/** An id in a file of tests; without `symbol` the policy does not have it. */
export interface TestReference extends TextRange {
  readonly id: string;
  readonly namespace: Namespace;
  /** Of a level or option. */
  readonly of?: string | undefined;
  readonly symbol: IndexedSymbol | undefined;
}

/** Finds the words of a requirement: `studio.words`. */
export type FindWords = (requirement: string) => RequirementWords;

/** The ids in the text of a file of tests, in the order of the text. */
export function referencesIn(text: string, index: PolicyIndex, words: FindWords): TestReference[] {
  const found: TestReference[] = [];
  const add = (range: TextRange, namespace: Namespace, id: string, of?: string) =>
    found.push({ ...range, id, namespace, of, symbol: index.find(namespace, id, of) });
  const read = (node: Node, slot: Slot | undefined) => {
    const id: unknown = node.value;
    if (!slot || typeof id !== "string" || id === "") return;
    const start = node.offset + 1;
    const inner = { start, end: node.offset + node.length - 1 };
    if (slot.kind === "id") {
      if (id !== "*") add(inner, slot.namespace, id);
    } else if (slot.kind === "value") {
      const symbol = index.find("value", id, slot.of);
      if (symbol) add(inner, "value", id, slot.of);
    } else {
      const literal = text.slice(inner.start, inner.end);
      const bytes = new ByteOffsets(id);
      const at = (byte: number) => start + offsetInLiteral(literal, bytes.at(byte));
      for (const word of words(id).words) {
        const range = { start: at(word.start), end: at(word.end) };
        if (word.role === "operand") add(range, "name", word.text);
        else if (word.role === "operation") add(range, "operation", word.text);
        else if (word.role === "value" && word.of !== undefined && index.find("value", word.text, word.of))
          add(range, "value", word.text, word.of);
      }
    }
  };
  const visit = (node: Node | undefined, path: readonly (string | number)[]) => {
    if (!node) return;
    if (node.type === "string") read(node, slotOf("tests", path));
    else if (node.type === "array") {
      for (const [index, child] of (node.children ?? []).entries()) visit(child, [...path, index]);
    } else if (node.type === "object") {
      for (const { children: [key, value] = [] } of node.children ?? []) {
        const here = [...path, String(key!.value)];
        read(key!, keySlotOf("tests", here));
        visit(value, here);
      }
    }
  };
  visit(parseTree(text), []);
  return found.sort((a, b) => a.start - b.start);
}

/** Whether a reference is to a symbol. */
export const refersTo = (reference: TestReference, symbol: IndexedSymbol): boolean =>
  reference.id === symbol.id &&
  reference.namespace === namespaceOf(symbol.kind) &&
  (reference.of ?? "") === (symbol.of ?? "");
