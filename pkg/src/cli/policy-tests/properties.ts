// Properties: what holds for every possible person. Each is proved by comparing two variants of the document, which differ in one
// operation: `allowed(Y)` and `allowed(Y) and (X)` decide alike for all people exactly if nobody without X may Y. The comparison is
// exact, finds the smallest subject where they differ, and says when it met a limit. Nothing is negated: a negated test would make
// a privilege restricting, and such a one may have no requirement of its own.
import type { Policy, Subject } from "privet";
import type { PolicyDescription, Studio } from "privet/studio";
import type { PropertyResult, WitnessSubject } from "../outputs.js";
import { treeText } from "./atoms.js";
import type { Property } from "./file.js";
import { PREFIX, type Variants } from "./variant.js";

/** A statement that one requirement follows from another, for every possible person. */
interface Implication {
  /** What somebody is who breaks it, in words. */
  readonly breach: string;
  /** For whom it is stated. */
  readonly if: string;
  /** What must hold for them; `false` if there must be nobody. */
  readonly must: string;
  /** The operation to explain for a witness. */
  readonly explain?: string;
  /** Whether what must hold has to be known to hold. */
  readonly mustDecide?: boolean;
}

/** What the proof of properties needs. */
export interface Proof {
  readonly tools: Studio;
  readonly policy: Policy;
  readonly description: PolicyDescription;
  readonly variants: Variants;
}

const list = (ids: string | readonly string[]) => (typeof ids === "string" ? [ids] : ids);
const both = (...parts: readonly string[]) => parts.map((part) => `(${part})`).join(" and ");

/** Proves a property, or refutes it with a witness. */
export function prove(proof: Proof, property: Property): PropertyResult {
  const name = property.name ?? nameOf(property);
  try {
    const breaches = breachesOf(proof, property);
    const [first] = breaches.filter(({ verdict }) => verdict === "false");
    const found = first ?? breaches[0];
    return found ? { ...found, name } : { name, verdict: "proved", message: "holds for every possible person" };
  } catch (thrown) {
    return { name, verdict: "unproved", message: (thrown as Error).message };
  }
}

/** A property in words. */
export function nameOf(property: Property): string {
  if ("nobodyHolds" in property)
    return `nobody holds ${property.nobodyHolds.join(" and ")}${property.underChangeRules ? " by the change rules" : ""}`;
  if ("without" in property) return `nobody without ${property.without} may ${list(property.nobodyMay).join(", ")}`;
  if ("with" in property) return `nobody with ${property.with} may ${list(property.nobodyMay).join(", ")}`;
  const role = property.role === "*" ? "each role" : `role ${list(property.role).join(", ")}`;
  if ("mayAtMost" in property) return `${role} may at most ${property.mayAtMost.join(", ") || "nothing"}`;
  return `${role} may at least ${property.mayAtLeast.join(", ")}${property.when ? ` when ${property.when}` : ""}`;
}

type Breach = Omit<PropertyResult, "name">;

function breachesOf(proof: Proof, property: Property): Breach[] {
  const { policy } = proof;
  if ("nobodyHolds" in property)
    return [...refute(proof, [togetherOf(proof, property.nobodyHolds, property.underChangeRules)])];
  if ("nobodyMay" in property) {
    const implications = list(property.nobodyMay).map((id): Implication => {
      policy.handle(id);
      if ("without" in property)
        return {
          breach: `may ${id} without ${property.without}`,
          if: `allowed(${id})`,
          must: property.without,
          explain: id,
        };
      return {
        breach: `may ${id} with ${property.with}`,
        if: both(`allowed(${id})`, property.with),
        must: "false",
        explain: id,
      };
    });
    return refute(proof, implications);
  }
  const roles = property.role === "*" ? policy.roles : list(property.role);
  if ("mayAtMost" in property) return roles.flatMap((role) => beyond(proof, role, property.mayAtMost));
  const { mayAtLeast, when, alone } = property;
  if (alone && when !== undefined) throw new Error("`alone` and `when` cannot be combined; give one of them");
  for (const id of mayAtLeast) policy.handle(id);
  return roles.flatMap((role) => {
    if (alone) return short(proof, role, mayAtLeast);
    const fact = `${PREFIX}role`;
    const holder = when === undefined ? fact : both(fact, when);
    const implications = mayAtLeast.map((id) => ({
      breach: `holds ${role} and may not ${id}`,
      if: holder,
      must: `allowed(${id})`,
      explain: id,
      mustDecide: true,
    }));
    policy.session({ roles: [role] });
    return refute(proof, implications, { [role]: fact });
  });
}

/** That several requirements never hold at once; with the rules of results: unless one of these is broken. */
function togetherOf({ description }: Proof, requirements: readonly string[], underChangeRules = false): Implication {
  const all = both(...requirements);
  const breach = `holds ${requirements.join(" and ")}`;
  if (!underChangeRules) return { breach, if: all, must: "false" };
  const rules = description.changeRules.filter(({ on, of, within }) => on.includes("result") && !of && !within);
  const broken = rules
    .flatMap(({ requires: { tree } }) => (tree.kind === "all" ? tree.children : [tree]))
    .flatMap((tree) => {
      const text = tree.kind === "not" ? tree.children.map(treeText).join("") : `not (${treeText(tree)})`;
      return readsOthers(tree) ? [] : [`(${text})`];
    });
  return { breach: `${breach}, and no change rule forbids it`, if: all, must: broken.join(" or ") || "false" };
}

/** Whether a requirement of a change rule reads the actor or the subject before the change. */
function readsOthers(tree: PolicyDescription["changeRules"][number]["requires"]["tree"]): boolean {
  if (tree.kind === "test") return tree.whose !== undefined || tree.test === "against";
  return tree.kind !== "unknown" && tree.children.some(readsOthers);
}

/** The breaches of implications; of those that hold for every possible person there is none. */
function refute(
  { tools, policy, variants }: Proof,
  implications: readonly Implication[],
  roleFacts: Record<string, string> = {},
): Breach[] {
  const operations = (requires: (implication: Implication) => string) =>
    Object.fromEntries(implications.map((implication, index) => [`${PREFIX}${index}`, requires(implication)]));
  const [narrow, wide] = [
    variants.open({
      operations: operations((it) => (it.must === "false" ? "false" : both(it.if, it.must))),
      roleFacts,
    }),
    variants.open({ operations: operations((it) => it.if), roleFacts }),
  ];
  const errors = narrow.errors ?? wide.errors;
  if (errors)
    throw new Error(`it cannot be stated: ${errors[0]!.message}${errors[0]!.help ? `; ${errors[0]!.help}` : ""}`);
  const { changed, unanswered = [] } = tools.compare(narrow.policy!, wide.policy!);
  return implications.flatMap(({ breach, explain, mustDecide }, index): Breach[] => {
    const id = `${PREFIX}${index}`;
    if (unanswered.includes(id))
      return [{ verdict: "unproved", message: "not proved: the analysis met its limit on this policy" }];
    const difference = changed.find((found) => found.id === id && found.kind === "operation");
    if (!difference) return [];
    const witness = asSubject(difference.witness ?? {}, roleFacts);
    if (difference.after !== "allowed" || difference.before !== "denied") {
      // No subject has different known answers, so whatever the unknown facts are, the implication holds. Who must be allowed
      // something may still be undecided; who must not be is not allowed.
      if (!mustDecide) return [];
      return [{ verdict: "unproved", message: `not proved: somebody ${breach}, while facts are unknown`, witness }];
    }
    const why = explain === undefined ? "" : `: ${tools.explain(policy.session(witness as Subject), explain).sentence}`;
    return [{ verdict: "false", message: `somebody ${breach}${why}`, witness }];
  });
}

/** A witness with the roles that facts of the variant stand for. */
function asSubject(witness: Subject, roleFacts: Record<string, string>): WitnessSubject {
  const facts = { ...witness.facts };
  const roles = [...(witness.roles ?? [])];
  for (const [role, fact] of Object.entries(roleFacts)) {
    if (facts[fact] === true && !roles.includes(role)) roles.push(role);
    delete facts[fact];
  }
  return {
    ...(roles.length > 0 && { roles }),
    ...(witness.grants && Object.keys(witness.grants).length > 0 && { grants: witness.grants }),
    ...(Object.keys(facts).length > 0 && { facts }),
  };
}

/** Operations that a role alone allows besides those given, for some facts. */
function beyond({ tools, policy }: Proof, role: string, most: readonly string[]): Breach[] {
  for (const id of most) policy.handle(id);
  const session = policy.session({ roles: [role] });
  return policy.operations.flatMap((id): Breach[] => {
    if (most.includes(id)) return [];
    const rest = tools.residual(session, id);
    if (rest.kind === "never") return [];
    if (rest.kind === "stopped")
      return [{ verdict: "unproved", message: `not proved for ${id}: the analysis met its limit (${rest.stoppedBy})` }];
    const facts = rest.kind === "always" ? "" : ` when ${rest.text}`;
    return [{ verdict: "false", message: `role ${role} may ${id}${facts}`, witness: { roles: [role] } }];
  });
}

/** Operations that a role alone does not allow, for some facts. */
function short({ tools, policy }: Proof, role: string, least: readonly string[]): Breach[] {
  const session = policy.session({ roles: [role] });
  return least.flatMap((id): Breach[] => {
    const rest = tools.residual(session, id);
    if (rest.kind === "always") return [];
    if (rest.kind === "stopped")
      return [{ verdict: "unproved", message: `not proved for ${id}: the analysis met its limit (${rest.stoppedBy})` }];
    const only = rest.kind === "never" ? "" : `, unless ${rest.text}`;
    return [{ verdict: "false", message: `role ${role} may not ${id}${only}`, witness: { roles: [role] } }];
  });
}
