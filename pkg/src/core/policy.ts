import type { Exports } from "./engine.js";
import { InvalidOptionsError, InvalidTokenError, StaleTokenError } from "./errors.js";
import { fail } from "./fail.js";
import { find } from "./ids.js";
import type { OperationHandle } from "./interfaces.js";
import * as texts from "./messages.js";
import { internals } from "./model.js";
import type { OpenedPolicy, Program } from "./model.js";
import { openPack } from "./pack.js";
import { Session } from "./session.js";
import { stateOf } from "./state.js";
import type { AnySchema, Facts, OperationId, Schema, SessionOptions, Subject } from "./types.js";

/**
 * The time of options, checked.
 *
 * @throws InvalidOptionsError
 */
export function timeOf({ now }: SessionOptions): number | undefined {
  if (now !== undefined && !(Number.isFinite(now) && now >= 0))
    fail(InvalidOptionsError, "invalid-options", "now", texts.optionNow);
  return now;
}

/** Implements the interface `Policy`. */
export class Policy<out S extends Schema = AnySchema> implements OpenedPolicy<S> {
  readonly id: string;
  readonly title: string;
  readonly version: string;
  readonly fingerprint: string;
  readonly layout: string;
  declare readonly operations: OpenedPolicy<S>["operations"];
  declare readonly privileges: OpenedPolicy<S>["privileges"];
  declare readonly facts: OpenedPolicy<S>["facts"];
  declare readonly roles: OpenedPolicy<S>["roles"];
  declare readonly guides: OpenedPolicy<S>["guides"];
  declare readonly verbs: OpenedPolicy<S>["verbs"];
  declare readonly menu: OpenedPolicy<S>["menu"];
  readonly [internals]: (() => void) & Program;

  constructor(pack: Uint8Array, instance: () => Exports) {
    const bytes = pack instanceof ArrayBuffer ? new Uint8Array(pack) : pack;
    // A copy, so that later changes of the caller's bytes have no effect. Anything but bytes is refused as an empty pack is.
    const [names, program] = openPack(new Uint8Array(ArrayBuffer.isView(bytes) ? bytes : []), instance);
    this.id = names.id;
    this.title = names.title;
    this.version = names.version;
    this.fingerprint = names.fingerprint;
    // A token begins with the layout
    this.layout = program.engine.writeToken({ own: [], inline: [], joined: [] }).slice(0, 12);
    Object.assign(this, program.ids);
    this[internals] = Object.assign(() => {}, program);
  }

  session(subject: Subject<S> = {}, options: SessionOptions = {}): Session<S> {
    return new Session<S>(this, stateOf(this[internals], subject, timeOf(options)));
  }

  restore(token: string, facts: Facts<S> = {}): Session<S> {
    const program = this[internals];
    const read = program.engine.readToken(typeof token === "string" ? token : "");
    if (!read) fail(InvalidTokenError, "invalid-token", "", texts.invalidToken);
    if (read === 1) fail(StaleTokenError, "stale-token", "", texts.staleToken);
    const [own, joined] = read;
    const known = stateOf(program, { facts });
    return new Session<S>(this, {
      own: [...known.own, ...own],
      inline: joined[0] === undefined ? [] : [joined],
      joined,
    });
  }

  handle(operation: OperationId<S>): OperationHandle {
    return find(this[internals], "operation", operation) as OperationHandle;
  }
}
