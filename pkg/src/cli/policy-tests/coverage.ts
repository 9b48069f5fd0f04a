// Coverage: which tests of requirements the cases have seen true and seen false.
import type { Policy, Session, Verdict } from "privet";
import type { PolicyDescription, RequirementTree } from "privet/studio";
import { atomsOf, levelsOf, probesOf, verdictOf, type Atom } from "./atoms.js";
import { PREFIX, type Variants } from "./variant.js";

/** A test of a requirement and a truth value, which a case may see. */
export interface Item {
  /** Where, as `operation orders.edit`. */
  readonly of: string;
  readonly atom: Atom;
  readonly truth: boolean;
}

/** A requirement with its tests. */
interface Owner {
  readonly of: string;
  readonly atoms: readonly Atom[];
  /** The operations for which a case that states their decision sees it. */
  readonly through: ReadonlySet<string>;
  /** Of an obligation: its id; it is seen by a case that states what the operation owes. */
  readonly obligation?: string;
}

/** What a case states. */
export interface Stated {
  /** Operations whose decision it states. */
  readonly decisions: ReadonlySet<string>;
  /** Operations whose obligations it states. */
  readonly obligations: ReadonlySet<string>;
}

/** The tests of all requirements of a policy, and the observation of them. */
export class Observer {
  readonly #owners: readonly Owner[];
  readonly #probes = new Map<string, string>();
  readonly #policy: Policy;
  /** All items that can be seen. */
  readonly items: readonly Item[];

  constructor(description: PolicyDescription, variants: Variants) {
    this.#owners = ownersOf(description);
    const texts = new Set(this.#owners.flatMap(({ atoms }) => atoms.flatMap(({ formula }) => probesOf(formula))));
    for (const text of texts) this.#probes.set(text, `${PREFIX}${this.#probes.size}`);
    this.#policy = this.#compile(variants);
    const items = this.#owners.flatMap(({ of, atoms }) =>
      atoms.flatMap((atom) => [true, false].map((truth) => ({ of, atom, truth }))),
    );
    this.items = items.filter(({ atom }) => probesOf(atom.formula).every((text) => this.#probes.has(text)));
  }

  /** The policy with the observing operations. */
  get policy(): Policy {
    return this.#policy;
  }

  /** The observing operation of a probe. */
  operationOf(probe: string): string {
    return this.#probes.get(probe)!;
  }

  /** Compiles the variant, without the probes that the checker refuses. */
  #compile(variants: Variants): Policy {
    for (;;) {
      const operations = Object.fromEntries([...this.#probes].map(([text, id]) => [id, text]));
      const { policy, errors } = variants.open({ operations });
      if (policy) return policy;
      const refused = [...this.#probes].filter(([, id]) => errors.some(({ place }) => place.split("/")[2] === id));
      // An error elsewhere is of a probe that makes a privilege restricting: all probes that are no plain operation go
      const gone = refused.length > 0 ? refused : [...this.#probes];
      for (const [text] of gone) this.#probes.delete(text);
    }
  }

  /** The keys of the items that a case sees, by a session of {@link policy}. */
  seen(session: Session, stated: Stated): Set<string> {
    const verdict = (text: string): Verdict | undefined => {
      const id = this.#probes.get(text);
      return id === undefined ? undefined : WORDS[session.decide(id).decision];
    };
    const keys = new Set<string>();
    for (const { of, atoms, through, obligation } of this.#owners) {
      const isStated =
        obligation === undefined ? intersects(through, stated.decisions) : intersects(through, stated.obligations);
      if (!isStated) continue;
      for (const atom of atoms) {
        const found = verdictOf(atom.formula, verdict);
        if (found === "yes" || found === "no") keys.add(keyOf({ of, atom, truth: found === "yes" }));
      }
    }
    return keys;
  }

  /** The operations by which a case sees what an owner requires. */
  throughOf(of: string): ReadonlySet<string> {
    return this.#owners.find((owner) => owner.of === of)?.through ?? new Set();
  }
}

const WORDS = { allowed: "yes", denied: "no", undecided: "unknown" } as const;

/** The key of an item. */
export const keyOf = ({ of, atom, truth }: Item): string => `${of}\n${atom.text}\n${truth}`;

function intersects(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  for (const id of other) if (one.has(id)) return true;
  return false;
}

/** The requirements of a policy that decide operations and what they owe. */
function ownersOf(description: PolicyDescription): Owner[] {
  const levels = levelsOf(description);
  const { operations, privileges, conditions, roles } = description;
  const trees: (readonly [of: string, requires: { readonly tree: RequirementTree } | undefined, thing: string])[] = [
    ...operations.map(({ id, requires }) => [`operation ${id}`, requires, `allowed(${id})`] as const),
    ...privileges.flatMap(({ id, requires, levels = [] }) => [
      [`privilege ${id}`, requires, id] as const,
      ...levels.map((level) => [`privilege ${id}/${level.id}`, level.requires, id] as const),
    ]),
    ...conditions.map(({ id, requires }) => [`condition ${id}`, requires, id] as const),
    ...roles.map(({ id, when }) => [`role ${id}`, when, `role ${id}`] as const),
  ];
  const readers = readersOf(description);
  const owners: Owner[] = trees.flatMap(([of, requires, thing]) =>
    requires ? [{ of, atoms: atomsOf(requires.tree, levels), through: readers(thing) }] : [],
  );
  const owing = operations.flatMap(({ id, obligations }) =>
    obligations.map((owed) => ({
      of: `obligation ${id}/${owed.id}`,
      atoms: atomsOf(owed.when.tree, levels),
      through: new Set([id]),
      obligation: owed.id,
    })),
  );
  return [...owners, ...owing];
}

/** By a thing that requirements read: the operations that read it, directly or through others. */
function readersOf({ operations, privileges, conditions, roles }: PolicyDescription): (thing: string) => Set<string> {
  const readBy = new Map<string, Set<string>>();
  const reads = (reader: string, tree: RequirementTree | undefined) => {
    if (!tree || tree.kind === "unknown") return;
    if (tree.kind !== "test") {
      for (const child of tree.children) reads(reader, child);
      return;
    }
    const thing = tree.test === "allowed" ? `allowed(${tree.id})` : tree.id;
    readBy.set(thing, (readBy.get(thing) ?? new Set()).add(reader));
  };
  for (const { id, requires } of operations) reads(`allowed(${id})`, requires.tree);
  for (const { id, requires } of conditions) reads(id, requires.tree);
  for (const { id, requires, levels = [] } of privileges) {
    reads(id, requires?.tree);
    for (const level of levels) reads(id, level.requires?.tree);
  }
  for (const { id, grants } of roles)
    for (const privilege of Object.keys(grants))
      readBy.set(`role ${id}`, (readBy.get(`role ${id}`) ?? new Set()).add(privilege));
  return (thing) => {
    const found = new Set<string>([thing]);
    for (const one of found) for (const reader of readBy.get(one) ?? []) found.add(reader);
    return new Set([...found].flatMap((one) => /^allowed\((.*)\)$/.exec(one)?.[1] ?? []));
  };
}
