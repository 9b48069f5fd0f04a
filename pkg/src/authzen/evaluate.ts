// The endpoints for one evaluation and for a batch of them.
import type { Schema } from "../core/types.js";
import type { Decider } from "./decide.js";
import { RequestError } from "./request-error.js";
import { actionOf, asObject, contextOf, entityOf, itemsOf, member, semanticOf } from "./shape.js";
import type { Members } from "./shape.js";
import type { Action, Asked, AuthzenDecision, Entity } from "./types.js";

/** What a request asks with. */
export interface Turn<S extends Schema> {
  readonly decider: Decider<S>;
  /** What the mappers are told, under the context of an evaluation. */
  readonly asked: (context: Asked<S>["context"]) => Asked<S>;
  /** Tells an error that does not refuse the whole request. */
  readonly problem: (error: unknown) => void;
}

/** The endpoint for one evaluation. */
export const evaluation = <S extends Schema>(body: Members, { decider, asked }: Turn<S>): Promise<AuthzenDecision> =>
  decider.decide({
    subject: entityOf(body, "subject"),
    action: actionOf(body),
    resource: entityOf(body, "resource"),
    asked: asked(contextOf(body)),
  });

/** What a whole batch has in common: the same objects for every evaluation, so that each is mapped once. */
interface Defaults<S extends Schema> {
  readonly subject: Entity | undefined;
  readonly action: Action | undefined;
  readonly resource: Entity | undefined;
  readonly asked: Asked<S>;
}

/** The endpoint for a batch: its members in order, until its semantic says to stop. */
export async function evaluations<S extends Schema>(body: Members, turn: Turn<S>, most: number): Promise<object> {
  const items = itemsOf(body, most);
  if (items.length === 0) return evaluation(body, turn);
  const semantic = semanticOf(body);
  const has = (name: string) => member(body, name) !== undefined;
  const defaults: Defaults<S> = {
    subject: has("subject") ? entityOf(body, "subject") : undefined,
    action: has("action") ? actionOf(body) : undefined,
    resource: has("resource") ? entityOf(body, "resource") : undefined,
    asked: turn.asked(contextOf(body)),
  };
  const one = (item: unknown, index: number) => evaluationOf(item, `evaluations[${index}]`, defaults, turn);
  if (semantic === "execute_all") return { evaluations: await Promise.all(items.map(one)) };
  const decisions: AuthzenDecision[] = [];
  for (const [index, item] of items.entries()) {
    defaults.asked.signal.throwIfAborted();
    const decision = await one(item, index);
    decisions.push(decision);
    if (decision.decision === (semantic === "permit_on_first_permit")) break;
  }
  return { evaluations: decisions };
}

/** Decides a member of a batch. Whatever is wrong with it makes it `false`, and leaves the others as they are. */
async function evaluationOf<S extends Schema>(
  item: unknown,
  place: string,
  defaults: Defaults<S>,
  { decider, asked, problem }: Turn<S>,
): Promise<AuthzenDecision> {
  try {
    const own = asObject(item, place);
    const has = (name: string) => member(own, name) !== undefined;
    return await decider.decide({
      subject: (!has("subject") && defaults.subject) || entityOf(own, "subject"),
      action: (!has("action") && defaults.action) || actionOf(own),
      resource: (!has("resource") && defaults.resource) || entityOf(own, "resource"),
      asked: has("context") ? asked(contextOf(own)) : defaults.asked,
    });
  } catch (error) {
    if (error instanceof RequestError)
      return failed("invalid-request", { status: error.status, message: error.message });
    problem(error);
    return failed("internal-error", { status: 500, message: "the decision could not be made" });
  }
}

const failed = (
  code: "invalid-request" | "internal-error",
  error: { readonly status: number; readonly message: string },
): AuthzenDecision => ({ decision: false, context: { code, error } });
