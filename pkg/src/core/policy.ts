import { find } from "./ids.js";
import type { OperationHandle } from "./interfaces.js";
import type { OpenedPolicy } from "./model.js";
import { readPack } from "./pack.js";
import { Session } from "./session.js";
import { apply } from "./subject.js";
import { parseToken } from "./token.js";
import type { AnySchema, Facts, OperationId, Schema, Subject } from "./types.js";

/** Implements the interface `Policy`. Its properties are those of the program: the constructor assigns them. */
export class Policy<out S extends Schema = AnySchema> implements OpenedPolicy<S> {
  declare readonly id: string;
  declare readonly title: string;
  declare readonly version: string;
  declare readonly fingerprint: string;
  declare readonly layout: string;
  declare readonly operations: OpenedPolicy<S>["operations"];
  declare readonly privileges: OpenedPolicy<S>["privileges"];
  declare readonly facts: OpenedPolicy<S>["facts"];
  declare readonly roles: OpenedPolicy<S>["roles"];
  declare readonly guides: OpenedPolicy<S>["guides"];
  declare readonly verbs: OpenedPolicy<S>["verbs"];
  declare readonly menu: OpenedPolicy<S>["menu"];

  declare readonly entries: OpenedPolicy["entries"];
  declare readonly choicePrivileges: OpenedPolicy["choicePrivileges"];
  declare readonly sizes: OpenedPolicy["sizes"];
  declare readonly operationRows: OpenedPolicy["operationRows"];
  declare readonly menuRows: OpenedPolicy["menuRows"];
  declare readonly pack: Uint8Array;
  declare readonly image: Uint8Array;
  declare readonly index: OpenedPolicy["index"];
  declare readonly rows: OpenedPolicy["rows"];

  /** The table of operation handles. `find` would be twice as slow, since its one look-up serves tables of every kind. */
  readonly #handles: ReadonlyMap<string, number>;

  constructor(pack: Uint8Array) {
    Object.assign(this, readPack(new Uint8Array(pack)));
    this.#handles = this.index.operation;
  }

  session(subject: Subject<S> = {}): Session<S> {
    return new Session<S>(this, apply(this, subject)[0]);
  }

  restore(token: string, facts: Facts<S> = {}): Session<S> {
    const [own, roles] = parseToken(this, String(token));
    const [known] = apply(this, { facts });
    return new Session<S>(this, { assigned: [...known.assigned, ...own], inline: roles[0] ? [roles] : [] });
  }

  handle(operation: OperationId<S>): OperationHandle {
    return (this.#handles.get(operation) ?? find(this, "operation", operation)) as OperationHandle;
  }
}
