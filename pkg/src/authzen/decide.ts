// Decides one evaluation: the subject as a person, the resource as facts, the action as an operation.
import { PrivetError } from "../core/errors.js";
import type { Session } from "../core/interfaces.js";
import type { Facts, Schema } from "../core/types.js";
import type {
  Action,
  Asked,
  AuthzenDecision,
  AuthzenOptions,
  DecisionContext,
  Entity,
  OperationUnder,
  RefusalCode,
} from "./types.js";

/** A question with the entities of the standard. */
export interface Evaluation<S extends Schema> {
  readonly subject: Entity;
  readonly action: Action;
  readonly resource: Entity;
  readonly asked: Asked<S>;
}

const refused = (code: RefusalCode, more: Omit<DecisionContext, "code"> = {}): AuthzenDecision => ({
  decision: false,
  context: { code, ...more },
});

/** The entry of a table of mappers, or the mapper for all types. */
const forType = <M>(mappers: M | { readonly [type: string]: M }, type: string): M | undefined =>
  typeof mappers === "function"
    ? (mappers as M)
    : Object.hasOwn(mappers as object, type)
      ? (mappers as { readonly [type: string]: M })[type]
      : undefined;

/** Decides the evaluations of one request. A person, and the facts of a resource, are asked for once for each context. */
export class Decider<S extends Schema> {
  readonly #sessions = new Map<Entity, Map<Asked<S>, Promise<Session<S> | undefined>>>();
  readonly #facts = new Map<Entity, Map<Asked<S>, Promise<Facts<S> | undefined>>>();

  constructor(readonly options: AuthzenOptions<S>) {}

  /** @throws what mappers throw, and the errors of the policy for what they return, except that roles conflict. */
  async decide({ subject, action, resource, asked }: Evaluation<S>): Promise<AuthzenDecision> {
    try {
      const session = await once(this.#sessions, subject, asked, () => this.#session(subject, asked));
      if (!session) return refused("unknown-subject");
      const facts = await once(this.#facts, resource, asked, () => this.#resource(resource, asked));
      if (!facts) return refused("unknown-resource");
      const found = await this.#operation(action, resource, asked);
      if (!found) return refused("unknown-action");
      return await this.#answer(session.under({ ...facts, ...found.facts }), found.operation);
    } catch (error) {
      if (error instanceof PrivetError && error.code === "conflicting-choice") return refused("conflicting-choice");
      throw error;
    }
  }

  async #session(subject: Entity, asked: Asked<S>): Promise<Session<S> | undefined> {
    const person = await forType(this.options.subject, subject.type)?.(subject, asked);
    if (!person) return undefined;
    const { clock = Date.now } = this.options;
    return asked.policy.session(person, { now: Math.floor(clock() / 1000) });
  }

  async #resource(resource: Entity, asked: Asked<S>): Promise<Facts<S> | undefined> {
    return (await forType(this.options.resource, resource.type)?.(resource, asked)) ?? undefined;
  }

  async #operation(action: Action, resource: Entity, asked: Asked<S>): Promise<OperationUnder<S> | undefined> {
    const { action: actions } = this.options;
    const mapper =
      typeof actions === "function" ? actions : forType(forType(actions, resource.type) ?? {}, action.name);
    const found = typeof mapper === "function" ? await mapper(action, resource, asked) : mapper;
    if (found === null || found === undefined) return undefined;
    return typeof found === "object" ? found : { operation: found, facts: {} };
  }

  async #answer(session: Session<S>, operation: S["operations"]): Promise<AuthzenDecision> {
    const { decision, obligations } = session.decide(operation);
    if (decision === "allowed") return { decision: true, ...(obligations.length > 0 && { context: { obligations } }) };
    const reasons = await this.options.reasons?.(session, operation);
    const because = reasons !== undefined && { reasons };
    if (decision === "denied") return refused("denied", { ...because });
    const { facts = {} } = session.inputs(operation);
    const unknown = Object.entries(facts).flatMap(([id, value]) => (value === null ? [id] : []));
    return refused("undecided", { unknown, ...because });
  }
}

/** Makes a value once for a pair of keys. */
function once<A, B, V>(values: Map<A, Map<B, V>>, a: A, b: B, make: () => V): V {
  const row = values.get(a) ?? new Map<B, V>();
  values.set(a, row);
  const value = row.has(b) ? (row.get(b) as V) : make();
  row.set(b, value);
  return value;
}
