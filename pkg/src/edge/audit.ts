// Delivers the records of decisions.
import type { DecisionRecord } from "../core/decision-record.js";
import type { AnySchema, Schema } from "../core/types.js";
import { outlive, tell } from "./hooks.js";
import type { Milliseconds, OnProblem, WaitUntil } from "./hooks.js";

/** What `onDecision` gets beside the record. */
export interface DecisionContext {
  readonly request: Request;
  /** Keeps a further promise running, as that which the hook returns. `onProblem` is called with its errors. */
  readonly waitUntil: WaitUntil;
}

/** Takes the record of a decision. */
export type OnDecision<S extends Schema = AnySchema> = (record: DecisionRecord<S>, context: DecisionContext) => unknown;

/**
 * Calls `onDecision`. What it leaves running is given to `waitUntil`, or to that of the runtime, or else awaited. Never rejects.
 */
export async function deliver<S extends Schema>(
  onDecision: OnDecision<S>,
  record: DecisionRecord<S>,
  request: Request,
  waitUntil: WaitUntil | undefined,
  timeout: Milliseconds,
  onProblem: OnProblem | undefined,
): Promise<void> {
  const failed = (error: unknown) => tell(onProblem, error, { during: "onDecision", request });
  /** `resolve` also adopts promises of other realms and libraries. */
  const settled = (promise: unknown): Promise<unknown> => Promise.resolve(promise).catch(failed);
  const running: Promise<unknown>[] = [];
  try {
    const result = onDecision(record, { request, waitUntil: (promise) => void running.push(settled(promise)) });
    if (typeof (result as PromiseLike<unknown> | null | undefined)?.then === "function") running.push(settled(result));
  } catch (error) {
    const told = failed(error);
    if (told) running.push(told);
  }
  if (running.length === 0) return;
  // Also what is added while the others run
  const all = async () => {
    for (let at = 0; at < running.length; at++) await running[at];
  };
  await outlive(all(), waitUntil, timeout).catch(failed);
}

const TRACEPARENT = /^(?!ff)([\da-f]{2})-(?!0{32})([\da-f]{32})-(?!0{16})[\da-f]{16}-[\da-f]{2}(-.*)?$/;

/** The trace id of the header `traceparent` of W3C Trace Context; `undefined` without a valid one. */
export function traceOf(request: Request): string | undefined {
  const [, version, id, more] = TRACEPARENT.exec(request.headers.get("traceparent") ?? "") ?? [];
  return version === "00" && more !== undefined ? undefined : id;
}
