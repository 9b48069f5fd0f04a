// The operation that is asked about, and what it needs.
import type { GrantValue, Session } from "privet";
import type { RequirementTree } from "privet/studio";
import { useApp } from "../../state/app.js";
import { operationsOf } from "../../state/model.js";
import type { Model, OperationInfo, PrivilegeInfo } from "../../state/model.js";
import { menuItems } from "../../state/workspace.js";

/** The ids that tests are about, each with the value that has to be held or reached, where one is named. */
export type Tests = ReadonlyMap<string, string | undefined>;

interface Asked {
  readonly item: string;
  readonly operation: OperationInfo | undefined;
  /** All operations of the item. */
  readonly operations: readonly OperationInfo[];
  /** The label of the item, or of the operation. */
  readonly title: string;
  /** Privileges and facts that it reads. */
  readonly needed: readonly string[];
  readonly tests: Tests;
}

export function useAsked(): Asked {
  const { model, question, session } = useApp();
  const { item, op } = question;
  const placed = model.items.has(item) ? operationsOf(model, item) : [];
  const state = menuItems(session).find(({ id }) => id === item)?.state;
  const chosen = model.operations.get(op);
  const operation = chosen ?? placed.find(({ id }) => session.can(id) === (state === "shown")) ?? placed[0];
  const tests = operation ? testsOf(model, operation) : new Map<string, undefined>();
  return {
    item,
    operation,
    operations: placed,
    title: model.items.get(item)?.label ?? operation?.label ?? "",
    needed: [...tests.keys()].filter((id) => model.privileges.has(id) || model.facts.has(id)),
    tests,
  };
}

const known = new WeakMap<OperationInfo, Tests>();

/** The tests of an operation, and of the operations and conditions that it reads. */
export function testsOf(model: Model, operation: OperationInfo): Tests {
  const cached = known.get(operation);
  if (cached) return cached;
  const tests = testsIn(model, operation.requires.tree);
  known.set(operation, tests);
  return tests;
}

/** The tests of a requirement, and of the operations and conditions that it reads. */
export function testsIn(model: Model, requirement: RequirementTree): Tests {
  const tests = new Map<string, string | undefined>();
  const walk = (tree: RequirementTree, depth: number) => {
    if (tree.kind === "unknown") return;
    if (tree.kind !== "test") {
      for (const child of tree.children) walk(child, depth);
      return;
    }
    const other = tree.test === "allowed" && depth < 4 ? model.operations.get(tree.id) : undefined;
    if (other) return walk(other.requires.tree, depth + 1);
    const condition =
      tree.test === "condition" ? model.described.conditions.find(({ id }) => id === tree.id) : undefined;
    if (condition && depth < 4) return walk(condition.requires.tree, depth + 1);
    if (tests.has(tree.id)) return;
    const isValue = (tree.op === ">=" || tree.op === "=") && tree.value !== undefined && typeof tree.value !== "object";
    tests.set(tree.id, isValue ? String(tree.value) : undefined);
  };
  walk(requirement, 0);
  return tests;
}

/** The privileges that a person holds for an operation, enough of each, and still cannot do it. */
export function heldInVain(model: Model, session: Session, operation: OperationInfo): readonly string[] {
  if (session.can(operation.id)) return [];
  return [...testsOf(model, operation)].flatMap(([id, value]) => {
    const privilege = model.privileges.get(id);
    if (!privilege) return [];
    const { granted } = session.holds(id);
    return granted !== undefined && granted !== "undecided" && reaches(privilege, granted, value) ? [id] : [];
  });
}

/**
 * The privileges that a grant lacks to have an effect, those that come first last: all of them are needed. Empty where it may wait
 * for one of several, or for a fact.
 */
export function prerequisites(model: Model, session: Session, privilege: string): readonly string[] {
  const missing: string[] = [];
  const isAll = (tree: RequirementTree | undefined): boolean => {
    if (tree === undefined) return true;
    if (tree.kind === "all") return tree.children.every(isAll);
    if (tree.kind !== "test") return false;
    const needed = model.privileges.get(tree.id);
    if (!needed || typeof tree.value === "object") return false;
    const { effective } = session.holds(tree.id);
    if (effective === "undecided") return false;
    const value = tree.value === undefined ? undefined : String(tree.value);
    if (effective !== undefined && reaches(needed, effective, value)) return true;
    if (!missing.includes(tree.id)) missing.push(tree.id);
    return isAll(needed.requires?.tree);
  };
  return isAll(model.privileges.get(privilege)?.requires?.tree) ? missing : [];
}

/** Whether a held value is what a test asks for, or more. */
function reaches({ levels, kind }: PrivilegeInfo, held: GrantValue, value: string | undefined): boolean {
  if (value === undefined || String(held) === value) return true;
  if (kind === "number") return Number(held) >= Number(value);
  const rank = (id: string) => (levels ?? []).findIndex((level) => level.id === id);
  return levels !== undefined && rank(String(held)) >= rank(value);
}
