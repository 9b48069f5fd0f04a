// Why an operation is allowed, denied or undecided: the reasons that the studio's `explain` names, from the verdicts of the evaluated
// program and the reasons section of the pack.
import { PrivetError } from "../core/errors.js";
import type { Session } from "../core/interfaces.js";
import { internals } from "../core/model.js";
import type { Entry, Evaluation } from "../core/model.js";
import type { AnySchema, GivingRole, OperationId, Schema, Why } from "../core/types.js";
import { isOfHeld, plainly } from "./causes.js";
import type { Cause } from "./causes.js";
import { fail, sectionOf } from "./section.js";
import type { Tree } from "./section.js";
import { viewOf } from "./view.js";

/** The most tests that one answer reads: far more than the limits of documents allow. */
const MOST_TESTS = 1 << 20;
/** The operations in a chain of `allowed(…)` that are followed. */
const MOST_DEPTH = 32;
/** The cost of a fact, as in fixes. */
const FACT = 100;
/** The code of a grant that would be enough with its effect. */
const DORMANT = "dormant";
/** The decisions, by verdict - 1: 0, -2 and -1. */
const DECISIONS = ["allowed", "denied", "undecided"];

/** A verdict with its causes. */
type Found = readonly [verdict: number, causes: readonly Cause[]];

/** Fills the places of a template. */
const fill = (template: string | undefined, values: { readonly [place: string]: string | undefined }): string =>
  (template ?? fail()).replace(/\{(\w)\}/g, (all, place: string) => values[place] ?? all);

/**
 * Why an operation is allowed, denied or undecided. `decision` is that of the session, `reasons` are those of the studio's `explain`,
 * `sentence` says the first of them, in the language of the pack. O(program + requirement).
 *
 * @throws UnknownIdError; ReasonsError if the pack has no reasons, or reasons of another program.
 */
export function why<S extends Schema = AnySchema>(session: Session<S>, operation: OperationId<S>): Why<S> {
  const { decision } = session.decide(operation);
  try {
    const evaluation = (session as unknown as { readonly [internals]: Evaluation })[internals];
    return explain(evaluation, session.policy.handle(operation), decision) as Why<S>;
  } catch (error) {
    throw error instanceof PrivetError ? error : fail(); // a section of another shape
  }
}

function explain(session: Evaluation, asked: number, decision: Why<Schema>["decision"]): Why<Schema> {
  const { entries, ids } = session.program;
  const { texts, subjects, needs, kinds, costs, trees, requires, tests } = sectionOf(session.program);
  const [sentence, through, inlineRole, , comma = "", and = "", told, ...others] = texts;
  const [unknown = "", undecided = ""] = others.slice(9);
  const [truth, holding] = viewOf(session);
  const facts = ids.facts.length;
  const known: (readonly Cause[])[] = [];
  let [left, groups, depth] = [MOST_TESTS, 0, 0];

  const list = (items: readonly string[], last = comma) =>
    items.slice(0, -1).join(comma) + (items[1] === undefined ? "" : last) + items.slice(-1).join();

  /** Values of a fact or privilege as people read them. */
  const words = ({ index, kind }: Entry, values: readonly number[], last?: string) =>
    list(
      values.map((value) => (kind === "number" ? `${value}` : (subjects[index]![2 + value] ?? fail()))),
      last,
    );

  /** A text that is less for causes whose held ids cost less, and of several for those that are first in policy order. */
  const price = (causes: readonly Cause[]) => {
    const held = [...new Set(causes.flatMap((cause) => (isOfHeld(cause) ? cause.about : [])))];
    const cost = held.reduce((sum, about) => sum + (costs[about - facts] ?? FACT), 1e15);
    return [cost, ...held.map((about) => 1e6 + about).sort()].join();
  };

  /** The verdict of a requirement and its causes. Of alternatives that hold, those of the one that needs least. */
  function visit(tree: Tree): Found {
    if (!left--) fail();
    if (typeof tree === "number") return test(tree);
    const [connective, ...parts] = tree;
    const found = parts.map(visit);
    if (connective === 2) return [-found[0]![0], found[0]![1]];
    const verdicts = found.map(([verdict]) => verdict);
    const verdict = connective ? Math.max(-1, ...verdicts) : Math.min(1, ...verdicts);
    const deciding = found.flatMap((part) => (part[0] === verdict ? [part[1]] : []));
    if (connective && verdict > 0)
      return [verdict, deciding.reduce((best, other) => (price(other) < price(best) ? other : best))];
    const plain = deciding.map(plainly);
    const areAlternatives =
      connective && verdict < 0 && plain[1] && plain.every(([one, more]) => one && !one.group && !more);
    const group = areAlternatives ? ++groups : 0;
    return [verdict, plain.flat().map((cause) => (group ? { ...cause, group } : cause))];
  }

  /** The causes of an operation that another one reads. */
  function causesOf(operation: number): readonly Cause[] {
    if (depth === MOST_DEPTH) return known[operation] ?? [];
    depth++;
    known[operation] ??= plainly(visit(trees[operation]!)[1]);
    depth--;
    return known[operation];
  }

  /** A test, or what it leads to. */
  function test(index: number): Found {
    const [about, kind, tree, withEffect, bound, decided, open, negated, options] = tests[index]!;
    const named = about - entries.length;
    const id = ids.operations[named];
    let verdict = truth(tree);
    let inner: readonly Cause[] = [];
    if (id) inner = causesOf(named);
    else if (named >= 0) [verdict, inner] = visit(trees[named]!);
    if (verdict < 1 && inner[0]) return [verdict, id ? inner : plainly(inner)];
    const entry = entries[about];
    const isFact = about < facts;
    const [granted, effective, dead] = entry ? holding(entry) : [[], [], -1];
    let held = !entry ? "" : effective ? words(entry, effective) : isFact ? unknown : undecided;
    const isEnough = truth(withEffect) > 0;
    if (verdict < 0 && dead >= 0 && !isEnough) held ||= words(entry!, granted);
    const unsaid = +(!held || held === undecided);
    const texts = kinds[kind]!;
    const [code, clause] =
      verdict < 0 && dead >= 0 && isEnough
        ? [DORMANT, texts[9]]
        : verdict > 0
          ? [texts[0], texts[3 + unsaid]]
          : verdict
            ? held
              ? [texts[1], texts[5 + unsaid]]
              : [texts[2], texts[7]]
            : ["unknown", texts[8]];
    const chosen = verdict && verdict > 0 === !negated ? (options?.filter((it) => effective?.includes(it)) ?? []) : [];
    const [label, more] = subjects[about]!;
    const roles = !isFact && entry && /^(gra|set|inc|val)/.test(code!) ? rolesOf(entry, granted, options) : [];
    const cause: Cause = {
      code: code ?? fail(),
      id: id ?? entry?.id ?? more!,
      label: label!,
      needed:
        chosen[0] === undefined
          ? (needs[verdict ? decided : open] ?? fail())
          : fill(told, { v: words(entry!, chosen, and) }),
      held,
      ...(isFact && { system: true, ...(more && { place: more }) }),
      ...(roles[0] && { through: roles }),
      about,
      group: 0,
      bound,
      words() {
        const r = list(
          roles.map(({ label }) => label),
          and,
        );
        const [t, g] = [r && fill(through, { r }), entry && words(entry, granted)];
        const e = code === DORMANT ? effect(entry!, effective, dead) : "";
        return fill(clause, { l: label, h: held, n: cause.needed, p: more, t, e, g });
      },
    };
    return [verdict, [cause]];
  }

  /** What effect a dormant grant has, and one cause. */
  function effect(entry: Entry, effective: readonly number[] | undefined, dead: number): string {
    const [own, ...levels] = requires[entry.index - facts] || [];
    const required = [own, levels[dead]].map((tree) => visit(tree ?? [0]));
    const [cause] = plainly(required.find(([verdict]) => verdict < 0)?.[1] ?? []);
    const form = effective ? (effective[0] === undefined ? 0 : 4) : 2;
    return fill(others[form + +!!cause], { v: words(entry, effective ?? []), b: cause?.words() });
  }

  /** Who gives a value, if the subject does not give it itself; of roles with the same label one. */
  function rolesOf(entry: Entry, granted: readonly number[], options = granted): GivingRole<Schema>[] {
    const found = new Map<string, GivingRole<Schema>>();
    for (const value of granted) {
      const givers = options.includes(value) ? session.givers(session, entry, value) : [];
      for (const giver of givers[0]?.by === "own" ? [] : givers) {
        const role = giver.by === "role" && entries.find(({ id }) => id === giver.role);
        const name = giver.by === "inline" && (giver.name ?? fill(inlineRole, { i: `${giver.index + 1}` }));
        const label = role ? subjects[role.index]![0]! : name || "";
        found.set(label, { ...giver, label });
      }
    }
    return [...found.values()];
  }

  const [verdict, all] = visit(trees[asked]!);
  if (DECISIONS.at(verdict - 1) !== decision) fail();
  const causes = plainly(all);
  const numbers = [0, ...new Set(causes.flatMap(({ group }) => group || []))];
  const rank = ({ group, id }: Cause) => 2 * numbers.indexOf(group) + +ids.facts.includes(id);
  causes.sort((a, b) => rank(a) - rank(b));
  const reasons = causes.map(({ about: _, bound: __, group, words, ...reason }) => ({
    ...reason,
    ...(group && { alternative: numbers.indexOf(group) }),
    text: words(),
  }));
  return {
    decision,
    reasons,
    sentence: reasons[0]
      ? fill(sentence, { s: reasons[0].text })
      : fill(others[6 + DECISIONS.indexOf(decision)], { l: subjects[entries.length + asked]![0] }),
  };
}
