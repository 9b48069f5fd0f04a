// The single tests of requirements, written so that a policy can observe them: an operation that requires a negated test would make
// its privilege restricting, so each test is put together from tests that are not negated.
import type { Verdict } from "privet";
import type { PolicyDescription, RequirementTest, RequirementTree } from "privet/studio";

/** A test as a combination of tests in the notation of the policy, none of which is negated. */
export type Formula =
  | { readonly kind: "probe"; readonly text: string }
  | { readonly kind: "not"; readonly of: Formula }
  | { readonly kind: "all" | "any"; readonly of: readonly Formula[] };

/** A test of a requirement. */
export interface Atom {
  /** The test in the notation of the policy. */
  readonly text: string;
  readonly formula: Formula;
}

/** The notation of a test. */
function testText({ test, id, op, value, values }: RequirementTest): string {
  if (test === "allowed") return `allowed(${id})`;
  if (test === "is-set") return `${id} is set`;
  if (op === "in") return `${id} in (${(values ?? []).join(", ")})`;
  const right = value ?? values?.[0];
  return op === undefined || right === undefined ? id : `${id} ${op} ${String(right)}`;
}

/** The notation of a requirement. */
export function treeText(tree: RequirementTree): string {
  switch (tree.kind) {
    case "test":
      return testText(tree);
    case "not":
      return `not (${tree.children.map(treeText).join("")})`;
    case "all":
      return tree.children.length > 0 ? tree.children.map((child) => `(${treeText(child)})`).join(" and ") : "true";
    case "any":
      return tree.children.length > 0 ? tree.children.map((child) => `(${treeText(child)})`).join(" or ") : "false";
    case "unknown":
      return "false";
  }
}

const probe = (text: string): Formula => ({ kind: "probe", text });
const not = (of: Formula): Formula => ({ kind: "not", of });

/** The tests of a requirement, each once. `levels` are the ids of privileges and facts with levels. */
export function atomsOf(tree: RequirementTree, levels: ReadonlySet<string>): Atom[] {
  const all = new Map<string, Atom>();
  const visit = (node: RequirementTree) => {
    if (node.kind === "test")
      all.set(testText(node), { text: testText(node), formula: formulaOf(node, levels.has(node.id)) });
    else if (node.kind !== "unknown") node.children.forEach(visit);
  };
  visit(tree);
  return [...all.values()];
}

function formulaOf(test: RequirementTest, isLevel: boolean): Formula {
  const { id, op, value, values } = test;
  const right = String(value ?? values?.[0]);
  if (isLevel) {
    const exactly = (level: string): Formula => ({
      kind: "all",
      of: [probe(`${id} >= ${level}`), not(probe(`${id} > ${level}`))],
    });
    if (op === "<") return not(probe(`${id} >= ${right}`));
    if (op === "<=") return not(probe(`${id} > ${right}`));
    if (op === "=") return exactly(right);
    if (op === "!=") return not(exactly(right));
    if (op === "in") return { kind: "any", of: (values ?? []).map(exactly) };
  }
  if (op === "!=") return not(probe(`${id} = ${right}`));
  return probe(testText(test));
}

/** The probes of a formula. */
export function probesOf(formula: Formula): string[] {
  if (formula.kind === "probe") return [formula.text];
  return formula.kind === "not" ? probesOf(formula.of) : formula.of.flatMap(probesOf);
}

/** The verdict of a formula from those of its probes, in Kleene's logic; `undefined` where a probe could not be observed. */
export function verdictOf(formula: Formula, of: (probe: string) => Verdict | undefined): Verdict | undefined {
  if (formula.kind === "probe") return of(formula.text);
  if (formula.kind === "not") {
    const verdict = verdictOf(formula.of, of);
    return verdict === "yes" ? "no" : verdict === "no" ? "yes" : verdict;
  }
  const [strong, weak] = formula.kind === "all" ? (["no", "yes"] as const) : (["yes", "no"] as const);
  const verdicts = formula.of.map((part) => verdictOf(part, of));
  if (verdicts.includes(undefined)) return undefined;
  if (verdicts.includes(strong)) return strong;
  return verdicts.includes("unknown") ? "unknown" : weak;
}

/** The ids of privileges and facts that have levels. */
export function levelsOf({ privileges, facts }: PolicyDescription): Set<string> {
  return new Set([...privileges, ...facts].filter(({ kind }) => kind === "level").map(({ id }) => id));
}
