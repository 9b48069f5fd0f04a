// What somebody gains and loses between two versions of a policy.
import { PrivetError, type Policy, type Session, type Subject } from "privet";
import { withFacts } from "../documents/policy.js";
import type { Moves } from "../outputs.js";

/** The versions, and what holds for everybody. */
export interface Versions {
  readonly before: Policy;
  readonly after: Policy;
  readonly facts: Subject["facts"] & object;
  readonly now: number;
  /** Gets the people who cannot be evaluated in one of the versions. */
  readonly errors: { name: string; message: string }[];
}

/** The moves of one role or person; none where the subject is refused, which `errors` gets. */
export function movesOf(
  versions: Versions,
  name: string,
  subjects: { readonly before: Subject; readonly after: Subject },
): Moves {
  const none: Moves = {
    name,
    gained: [],
    lost: [],
    mayGain: [],
    mayLose: [],
    shown: [],
    hidden: [],
    owed: [],
    notOwed: [],
  };
  try {
    const session = (side: "before" | "after") => {
      const policy = versions[side];
      // A fact of everybody may exist in one version only
      const facts = Object.fromEntries(Object.entries(versions.facts).filter(([id]) => policy.facts.includes(id)));
      return policy.session(withFacts(subjects[side], facts), { now: versions.now });
    };
    return { ...none, ...between(viewOf(session("before")), viewOf(session("after"))) };
  } catch (thrown) {
    if (!(thrown instanceof PrivetError)) throw thrown;
    versions.errors.push({ name, message: thrown.message });
    return none;
  }
}

/** What somebody may do, owes and sees. */
interface View {
  readonly decisions: ReadonlyMap<string, string>;
  readonly owed: ReadonlySet<string>;
  readonly shown: ReadonlySet<string>;
}

function viewOf(session: Session): View {
  const decided = session.policy.operations.map((id) => ({ id, ...session.decide(id) }));
  return {
    decisions: new Map(decided.map(({ id, decision }) => [id, decision])),
    owed: new Set(decided.flatMap(({ id, obligations }) => obligations.map((owed) => `${id}: ${owed}`))),
    shown: new Set(pathsIn(session.menu(), "")),
  };
}

/** The shown menu items as paths, so that an item that moves is hidden at one place and shown at another. */
function pathsIn(items: ReturnType<Session["menu"]>, parent: string): string[] {
  return items.flatMap(({ id, state, children }) => {
    const path = parent ? `${parent} > ${id}` : id;
    return state === "shown" ? [path, ...pathsIn(children, path)] : [];
  });
}

function between(before: View, after: View): Omit<Moves, "name"> {
  const ids = [...new Set([...after.decisions.keys(), ...before.decisions.keys()])];
  const was = (id: string) => before.decisions.get(id) ?? "denied";
  const is = (id: string) => after.decisions.get(id) ?? "denied";
  const added = (one: ReadonlySet<string>, other: ReadonlySet<string>) => [...other].filter((id) => !one.has(id));
  return {
    gained: ids.filter((id) => is(id) === "allowed" && was(id) !== "allowed"),
    lost: ids.filter((id) => was(id) === "allowed" && is(id) !== "allowed"),
    mayGain: ids.filter((id) => was(id) === "denied" && is(id) === "undecided"),
    mayLose: ids.filter((id) => was(id) === "undecided" && is(id) === "denied"),
    shown: added(before.shown, after.shown),
    hidden: added(after.shown, before.shown),
    owed: added(before.owed, after.owed),
    notOwed: added(after.owed, before.owed),
  };
}
