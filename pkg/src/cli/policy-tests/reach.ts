// Items that no subject can see: a test that always holds, or never, or does so wherever its operation is allowed.
import type { Studio } from "privet/studio";
import { probesOf, type Formula } from "./atoms.js";
import { keyOf, type Item } from "./coverage.js";
import { PREFIX, type Variants } from "./variant.js";

/** The keys of the items that are proved to be out of reach. Tests that are put together from several are not examined. */
export function outOfReach(tools: Studio, variants: Variants, items: readonly Item[]): Set<string> {
  const goals = items.flatMap((item) => {
    const goal = goalOf(item.atom.formula, item.truth);
    if (!goal) return [];
    // What is owed is seen only where the operation is allowed
    const [, operation] = /^obligation (.*)\/[^/]*$/.exec(item.of) ?? [];
    const where = operation === undefined ? "true" : `allowed(${operation})`;
    const both = `${where} and ${goal.probe}`;
    // Somebody sees it exactly if the versions decide the operation otherwise for them
    return [{ key: keyOf(item), before: goal.truth ? "false" : both, after: goal.truth ? both : where }];
  });
  if (goals.length === 0) return new Set();
  const version = (side: "before" | "after") =>
    variants.open({ operations: Object.fromEntries(goals.map((goal, index) => [`${PREFIX}${index}`, goal[side]])) })
      .policy;
  const [before, after] = [version("before"), version("after")];
  if (!before || !after) return new Set();
  const { changed, unanswered = [] } = tools.compare(before, after);
  const reached = changed.filter(
    (one) => one.kind === "operation" && one.before === "denied" && one.after === "allowed",
  );
  const open = new Set([...reached.map(({ id }) => id), ...unanswered]);
  return new Set(goals.filter((_, index) => !open.has(`${PREFIX}${index}`)).map(({ key }) => key));
}

/** The value that a test which is not put together must have. */
function goalOf(formula: Formula, truth: boolean): { probe: string; truth: boolean } | undefined {
  if (formula.kind === "not") return goalOf(formula.of, !truth);
  const [probe] = formula.kind === "probe" ? probesOf(formula) : [];
  return probe === undefined ? undefined : { probe, truth };
}
