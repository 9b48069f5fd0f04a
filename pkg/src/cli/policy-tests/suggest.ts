// Suggestions: cases that see what no case has seen. Candidates are subjects that the studio finds: the least privilege for each
// operation and test, and the smallest changes that deny them. The fewest are chosen greedily.
import { PrivetError, type Change, type Session, type Subject } from "privet";
import type { PolicyDescription, Studio } from "privet/studio";
import type { WitnessSubject } from "../outputs.js";
import { probesOf } from "./atoms.js";
import { keyOf, type Item, type Observer } from "./coverage.js";
import type { PolicyCase, PolicyTests } from "./file.js";

/** A subject that may cover items. */
interface Candidate {
  readonly subject: WitnessSubject;
  readonly session: Session;
}

/** What suggestions need. */
export interface Suggesting {
  readonly tools: Studio;
  readonly description: PolicyDescription;
  readonly observer: Observer;
  readonly tests: PolicyTests;
}

/** Cases that cover missing items, and a subject for each item that one can cover. */
export function suggest(
  context: Suggesting,
  missing: readonly Item[],
): { cases: PolicyCase[]; subjects: Map<string, WitnessSubject> } {
  const { description, observer } = context;
  const left = new Map(missing.map((item) => [keyOf(item), item]));
  const candidates = candidatesOf(context, missing);
  const everything = new Set(description.operations.map(({ id }) => id));
  // What each candidate sees of what is left. A list only gets shorter, so that one which was short stays behind a longer one
  const gains = candidates.map((candidate) => {
    const { session } = candidate;
    const seen = observer.seen(session, { decisions: everything, obligations: allowedIn(session, everything) });
    return { candidate, keys: [...left.keys()].filter((key) => seen.has(key)) };
  });
  const subjects = new Map<string, WitnessSubject>();
  const cases: PolicyCase[] = [];
  while (left.size > 0) {
    gains.sort((one, other) => other.keys.length - one.keys.length);
    let best = gains[0];
    for (const gain of gains) {
      if (best && gain !== gains[0] && gain.keys.length <= best.keys.length) break;
      gain.keys = gain.keys.filter((key) => left.has(key));
      if (!best || gain.keys.length > best.keys.length) best = gain;
    }
    if (!best || best.keys.length === 0) break;
    const { subject, session } = best.candidate;
    cases.push(
      caseOf(
        context,
        subject,
        session,
        best.keys.map((key) => left.get(key)!),
      ),
    );
    for (const key of best.keys) {
      subjects.set(key, subject);
      left.delete(key);
    }
  }
  return { cases, subjects };
}

const allowedIn = (session: Session, operations: ReadonlySet<string>) =>
  new Set([...operations].filter((id) => session.can(id)));

/** Subjects that may see the missing items. */
function candidatesOf({ tools, description, observer, tests }: Suggesting, missing: readonly Item[]): Candidate[] {
  const { policy } = observer;
  const base = tests.facts ?? {};
  const found = new Map<string, Candidate>();
  const add = (subject: WitnessSubject) => {
    const key = JSON.stringify(subject);
    if (found.has(key)) return;
    try {
      found.set(key, {
        subject,
        session: policy.session({ ...subject, facts: { ...base, ...subject.facts } } as Subject),
      });
    } catch (thrown) {
      if (!(thrown instanceof PrivetError)) throw thrown; // roles that clash, for example
    }
  };
  const defaults = Object.fromEntries(
    description.facts.flatMap(({ id, default: value }) => (value === undefined || id in base ? [] : [[id, value]])),
  );
  add(Object.keys(defaults).length > 0 ? { facts: defaults } : {});
  for (const { id } of description.roles)
    add(Object.keys(defaults).length > 0 ? { roles: [id], facts: defaults } : { roles: [id] });
  const targets = new Set(
    missing.flatMap(({ of, atom }) => [
      ...observer.throughOf(of),
      ...probesOf(atom.formula).map((probe) => observer.operationOf(probe)),
    ]),
  );
  const isListed = (subject: WitnessSubject) => found.get(JSON.stringify(subject));
  const restricting = new Set(description.operations.filter(({ restricts }) => restricts).map(({ id }) => id));
  for (const target of targets) {
    if (restricting.has(target)) continue;
    const least = tools.leastPrivilege(policy, [target], { limit: 3 });
    for (const { change } of least.fixes) {
      const subject = subjectFrom(change, {});
      add(subject);
      const allowed = isListed(subject);
      for (const one of allowed ? tools.fixes(allowed.session, target, { to: "denied", limit: 8 }).fixes : [])
        add(subjectFrom(one.change, subject));
    }
    const nobody = policy.session({ facts: { ...base, ...defaults } } as Subject);
    for (const { change } of tools.fixes(nobody, target, { to: "denied", limit: 4 }).fixes)
      add(subjectFrom(change, { facts: defaults } as WitnessSubject));
  }
  // What an operation owes is seen only where it is allowed
  for (const { of, atom } of missing.filter(({ of }) => of.startsWith("obligation "))) {
    const [operation] = observer.throughOf(of);
    const probes = probesOf(atom.formula).map((probe) => observer.operationOf(probe));
    for (const { change } of tools.leastPrivilege(policy, [operation!, ...probes], { limit: 3 }).fixes) {
      const subject = subjectFrom(change, {});
      add(subject);
      for (const probe of isListed(subject) ? probes : [])
        for (const one of tools.fixes(isListed(subject)!.session, probe, { to: "denied", limit: 8 }).fixes)
          add(subjectFrom(one.change, subject));
    }
  }
  return [...found.values()];
}

/** The subject after a change of listed roles, own grants and facts. */
function subjectFrom({ set = {}, facts = {}, roles = {} }: Change, before: WitnessSubject): WitnessSubject {
  const kept = <T>(values: { readonly [id: string]: T }) =>
    Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
  const grants = kept({ ...before.grants, ...set });
  const known = kept({ ...before.facts, ...facts });
  const removed: readonly unknown[] = roles.remove ?? [];
  const listed = [...(before.roles ?? []), ...(roles.add ?? [])].filter((role) => !removed.includes(role));
  return {
    ...(listed.length > 0 && { roles: listed }),
    ...(Object.keys(grants).length > 0 && { grants }),
    ...(Object.keys(known).length > 0 && { facts: known as NonNullable<WitnessSubject["facts"]> }),
  };
}

/** A case that states what the policy now decides for a subject, on the operations by which it sees the items. */
function caseOf(
  { description, observer }: Suggesting,
  subject: WitnessSubject,
  session: Session,
  items: readonly Item[],
): PolicyCase {
  const ids = description.operations.map(({ id }) => id);
  const owing = new Set(items.flatMap(({ of }) => /^obligation (.*)\/[^/]*$/.exec(of)?.[1] ?? []));
  const stated = new Set<string>();
  for (const { of } of items) {
    if (of.startsWith("obligation ")) continue;
    const through = observer.throughOf(of);
    const own = of.startsWith("operation ") ? of.slice("operation ".length) : undefined;
    if (own !== undefined) stated.add(own);
    else if (![...through].some((id) => stated.has(id))) stated.add(ids.find((id) => through.has(id)) ?? ids[0]!);
  }
  const decided = (decision: string) => ids.filter((id) => stated.has(id) && session.decide(id).decision === decision);
  const expect: PolicyCase["expect"] = {};
  for (const decision of ["allowed", "denied", "undecided"] as const) {
    const list = decided(decision);
    if (list.length > 0) expect[decision] = list;
  }
  if (owing.size > 0)
    expect.obligations = Object.fromEntries([...owing].map((id) => [id, [...session.decide(id).obligations]]));
  return { name: nameFor(subject), subject: subject as PolicyCase["subject"], expect };
}

/** What a subject has, in words. */
function nameFor({ roles = [], grants = {}, facts = {} }: WitnessSubject): string {
  const value = (one: unknown) => (Array.isArray(one) ? one.join("+") : String(one));
  const parts = [
    ...roles.map((role) => `role ${String(role)}`),
    ...Object.entries(grants).map(([id, one]) => (one === true ? id : `${id} ${value(one)}`)),
  ];
  const known = Object.entries(facts).map(([id, one]) =>
    one === true ? id : `${id} ${one === false ? "off" : value(one)}`,
  );
  return `${parts.join(", ") || "nothing granted"}${known.length > 0 ? `, with ${known.join(", ")}` : ""}`;
}
