// The steps of a change in the order in which the policy's change rules allow them, and who may make each.
import type { Change, Session } from "privet";
import type { Review, Studio } from "privet/studio";
import { formatChange } from "./format.js";
import { isShared } from "./facts.js";
import type { Model } from "./model.js";
import type { Content, Person } from "./types.js";
import { applied, sessionOf, subjectOf } from "./workspace.js";

interface Actor {
  readonly person: Person;
  readonly review: Review;
  /** Whether only an earlier step makes it possible. */
  readonly later: boolean;
  /** The rules that forbid it before. */
  readonly waitsFor: readonly string[];
}

export interface PlannedStep {
  readonly change: Change;
  readonly words: string;
  /** The id that it assigns, if it is one. */
  readonly id: string;
  readonly kind: "fact" | "own-fact" | "role" | "grant";
  /** Where in the product. */
  readonly place: string;
  /** Whether it is possible only after the steps before it. */
  readonly waits: boolean;
  readonly actors: readonly Actor[];
}

export interface Plan {
  readonly steps: readonly PlannedStep[];
  readonly after: Content;
  /** Who may make every step, in this order. */
  readonly alone: readonly Person[];
  /** Pairs of people who may make all steps between them. */
  readonly together: readonly (readonly [Person, Person])[];
}

/** The most people who are asked whether they may make a change. */
export const MOST = 60;

type Reviewed = Parameters<Studio["review"]>[1];
/** What the change rules say if each of the people made a change, perhaps one to themselves. */
export const reviews = (
  studio: Studio,
  model: Model,
  content: Content,
  change: (actor: Person) => Omit<Reviewed, "actor">,
): { readonly person: Person; readonly review: Review }[] =>
  content.people.slice(0, MOST).map((person) => ({
    person,
    review: studio.review(model.policy, { ...change(person), actor: sessionOf(model, content, person) }),
  }));

/** A change as assignments of one id each: settings first, then facts, roles and grants. */
export function parts(model: Model, change: Change): Omit<PlannedStep, "waits" | "actors">[] {
  const of = (change: Change, id: string, kind: PlannedStep["kind"], place = "") => ({
    change,
    id,
    kind,
    place,
    words: formatChange(model, change).join(", "),
  });
  const facts = Object.entries(change.facts ?? {}).map(([id, value]) => {
    const fact = model.facts.get(id);
    return of({ facts: { [id]: value } } as Change, id, isShared(fact) ? "fact" : "own-fact", fact?.where);
  });
  const { add = [], remove = [], amend = [] } = change.roles ?? {};
  return [
    ...facts.filter(({ kind }) => kind === "fact"),
    ...facts.filter(({ kind }) => kind === "own-fact"),
    ...add.map((id) => of({ roles: { add: [id] } }, id, "role")),
    ...remove.map((id) => of({ roles: { remove: [id] } }, id, "role")),
    ...amend.map((one) => of({ roles: { amend: [one] } }, Object.keys(one.set)[0] ?? "", "role")),
    ...Object.entries(change.set ?? {}).map(([id, value]) =>
      of({ set: { [id]: value } } as Change, id, "grant", model.privileges.get(id)?.group),
    ),
  ];
}

export function planned(studio: Studio, model: Model, content: Content, who: string, change: Change): Plan {
  const people = content.people.slice(0, MOST);
  const target = (state: Content) => state.people.find(({ id }) => id === who);
  const review = (state: Content, step: Change, actor: Person): Review => {
    const person = target(state);
    const after = applied(model, state, who, step);
    const next = target(after);
    if (!person || !next) return { allowed: "no", broken: [] };
    // The actor is as they are at that step: a switch that is on by then is on for them too
    return studio.review(model.policy, {
      actor: actorSession(model, state, actor),
      before: subjectOf(state, person),
      after: subjectOf(after, next),
    });
  };
  const left = parts(model, change);
  const steps: PlannedStep[] = [];
  let state = content;
  while (left.length > 0) {
    const reviews = left.map((part) => people.map((person) => review(state, part.change, person)));
    const ready = reviews.findIndex((all) => all.some(({ allowed }) => allowed === "yes"));
    const at = Math.max(0, ready);
    const [part] = left.splice(at, 1);
    const reviewed = reviews[at];
    if (!part || !reviewed) break;
    const now = state;
    const first = steps.length > 0 ? people.map((person) => review(content, part.change, person)) : reviewed;
    const actors = people.map((person, index) => {
      const it = reviewed[index] ?? { allowed: "no", broken: [] };
      const later = it.allowed === "yes" && first[index]?.allowed !== "yes";
      return {
        person,
        review: it,
        later,
        waitsFor: later ? (first[index]?.broken.map(({ label }) => label) ?? []) : [],
      };
    });
    steps.push({ ...part, actors, waits: steps.length > 0 && actors.some(({ later }) => later) });
    state = applied(model, now, who, part.change);
  }
  const may = ({ actors }: PlannedStep, index: number) => actors[index]?.review.allowed === "yes";
  const alone = people.filter((_, index) => steps.every((step) => may(step, index)));
  const together = people.flatMap((one, a) =>
    people.slice(a + 1).flatMap((other, offset) => {
      const b = a + 1 + offset;
      const isAlone = alone.includes(one) || alone.includes(other);
      return !isAlone && steps.every((step) => may(step, a) || may(step, b)) ? [[one, other] as const] : [];
    }),
  );
  return { steps, after: state, alone, together: together.slice(0, 20) };
}

const actorSession = (model: Model, content: Content, actor: Person): Session =>
  sessionOf(model, content, content.people.find(({ id }) => id === actor.id) ?? actor);
