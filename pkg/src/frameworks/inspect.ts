// How `privet/devtools` takes part in a scope. Neither knows the other: both use what is under a symbol of `globalThis`. Scopes and
// adapters call this in development builds only; bundlers remove it from others.
import type { Session } from "../core/interfaces.js";
import type { Facts, MenuItem, OperationId, Schema } from "../core/types.js";

/** A decision that a component asked for. */
export interface Decision {
  /** What devtools know it by: the value of `data-privet` on what it concerns. */
  readonly key: string;
  readonly operation: string;
  readonly facts: Facts | undefined;
  /** `undefined` without a session and for an unknown id. */
  readonly verdict: boolean | undefined;
}

/** A scope that is in use, as devtools see it. */
export interface InspectedScope {
  /** Its last decisions, by their keys. */
  readonly decisions: ReadonlyMap<string, Decision>;
  /** The session of the application, whoever is tried instead. */
  session(): Session<Schema> | undefined;
  /** Makes components ask again. */
  notify(): void;
}

/** What devtools do for scopes. */
export interface Inspector {
  /** The session to decide by. */
  session(session: Session<Schema> | undefined): Session<Schema> | undefined;
  /** Whether a session is one of theirs. */
  isTried(session: Session<Schema>): boolean;
  decided(scope: InspectedScope, decision: Decision): void;
}

/** What is shared: the scopes that are in use, and the devtools if they run. */
export interface Inspection {
  readonly scopes: Set<InspectedScope>;
  inspector: Inspector | undefined;
}

/** The attribute of elements that a decision concerns, and of the marks around what a component renders. */
export const MARK = "data-privet";
/** The attribute of the mark at the end. */
export const END = "data-privet-end";

const KEY = Symbol.for("privet.devtools");

/** What is shared by the scopes and the devtools of this page, whatever copies of the package it has. */
export function inspection(): Inspection {
  const holder = globalThis as { [KEY]?: Inspection };
  holder[KEY] ??= { scopes: new Set(), inspector: undefined };
  return holder[KEY];
}

/** What of a scope devtools take part in. */
interface Inspectable<S extends Schema> {
  get(): Session<S> | undefined;
  subscribe(listener: () => void): () => void;
  verdict(operation: OperationId<S>, facts?: Facts<S>, session?: Session<S> | null): boolean | undefined;
  menu(session?: Session<S> | null): readonly MenuItem<S>[];
  why(
    operation: OperationId<S>,
    facts?: Facts<S>,
    session?: Session<S> | null,
  ): { readonly sentence: string } | undefined;
  reason(operation: OperationId<S>, facts?: Facts<S>, session?: Session<S> | null): string | undefined;
  seen?(session: Session<S> | undefined): Session<S> | undefined;
  mark?(operation: OperationId<S>, facts?: Facts<S>): string | undefined;
}

let count = 0;

/** The scope as devtools can take part in it: they see its decisions, and may let it decide by another session. */
export function inspected<S extends Schema, Scope extends Inspectable<S>>(scope: Scope, notify: () => void): Scope {
  const decisions = new Map<string, Decision>();
  let given: Session<Schema> | undefined; // some adapters have the session, and give it
  const session = () => (scope.get() as Session<Schema> | undefined) ?? given;
  const self: InspectedScope = { decisions, session, notify };
  const shared = inspection();
  const number = count++;
  let listening = 0;
  const keyOf = (operation: string, facts: Facts<S> | undefined) =>
    `${number} ${operation}${facts ? ` ${JSON.stringify(facts)}` : ""}`;
  const seen = (session: Session<S> | undefined) => {
    const present = session as Session<Schema> | undefined;
    if (!present || !shared.inspector?.isTried(present)) given = present;
    return (shared.inspector ? shared.inspector.session(present) : present) as Session<S> | undefined;
  };
  const get = () => seen(scope.get());
  const own: Inspectable<S> = {
    get,
    seen,
    verdict(operation, facts, given = get() ?? null) {
      const verdict = scope.verdict(operation, facts, seen(given ?? undefined) ?? null);
      const decision: Decision = {
        key: keyOf(operation, facts),
        operation,
        facts: facts as Facts | undefined,
        verdict,
      };
      decisions.set(decision.key, decision);
      shared.inspector?.decided(self, decision);
      return verdict;
    },
    menu: (given = get() ?? null) => scope.menu(seen(given ?? undefined) ?? null),
    why: (operation, facts, given = get() ?? null) => scope.why(operation, facts, seen(given ?? undefined) ?? null),
    reason: (...asked) => own.why(...asked)?.sentence,
    mark: (operation, facts) => (shared.inspector ? keyOf(operation, facts) : undefined),
    subscribe(listener) {
      if (listening++ === 0) shared.scopes.add(self);
      const stop = scope.subscribe(listener);
      return () => {
        if (--listening === 0) shared.scopes.delete(self);
        stop();
      };
    },
  };
  return Object.assign(Object.create(scope) as Scope, own);
}

/** Marks an element, or removes its mark. */
export function markElement(element: Element, key: string | undefined): void {
  if (key !== undefined) element.setAttribute(MARK, key);
  else element.removeAttribute(MARK);
}
