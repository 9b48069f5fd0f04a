import { find } from "./ids.js";
import { program } from "./program.js";
import type { Program } from "./program.js";
import { Session } from "./session.js";
import { apply } from "./subject.js";
import { untoken } from "./token.js";
import type {
  AnySchema,
  FactId,
  Facts,
  GuideId,
  MenuItemId,
  OperationId,
  PrivilegeId,
  RoleId,
  Schema,
  Subject,
  VerbId,
} from "./types.js";

/** A handle of an operation of one policy, for the hottest loops: {@link Policy.handle} makes it. */
export type OperationHandle = number & { readonly operation: unique symbol };

/** An opened policy: plain data and questions; nothing to free. */
export interface Policy<out S extends Schema = AnySchema> extends Program {}

export class Policy<out S extends Schema = AnySchema> {
  declare readonly id: string;
  declare readonly title: string;
  declare readonly version: string;
  /** SHA-256 of the canonical document, in hexadecimal. */
  declare readonly fingerprint: string;
  /** What its tokens begin with. Two policies with the same layout read each other's tokens. */
  declare readonly layout: string;
  /** Operation ids, in policy order. */
  declare readonly operations: readonly OperationId<S>[];
  /** Privilege ids, in policy order; so are those of facts, roles and guides. */
  declare readonly privileges: readonly PrivilegeId<S>[];
  declare readonly facts: readonly FactId<S>[];
  declare readonly roles: readonly RoleId<S>[];
  declare readonly guides: readonly GuideId<S>[];
  declare readonly verbs: readonly VerbId<S>[];
  /** Menu item ids, parents first. */
  declare readonly menu: readonly MenuItemId<S>[];

  /** @internal The bytes that it was opened from. */ declare readonly pack: Uint8Array;

  /** The handles by id: a check is that one step away. Not through `find`, whose one look-up reads ids of every sort: twice as slow. */
  readonly #handles: ReadonlyMap<string, number>;

  /** @internal */
  constructor(pack: Uint8Array) {
    Object.assign(this, program(new Uint8Array(pack)));
    this.#handles = this.index.operation;
  }

  /**
   * Resolves a subject: every decision at once, in one call of the engine.
   *
   * @throws UnknownIdError, InvalidGrantError, InvalidFactError, InvalidSubjectError, ConflictingChoiceError
   */
  session(subject: Subject<S> = {}): Session<S> {
    return new Session<S>(this, apply(this, subject)[0]);
  }

  /**
   * The session of a token, with what is known of the subject now. Listed roles come back as one inline role.
   *
   * @throws StaleTokenError for a token of another layout, InvalidTokenError for text that is no token or was damaged.
   */
  restore(token: string, facts: Facts<S> = {}): Session<S> {
    const [own, roles] = untoken(this, String(token));
    const [known] = apply(this, { facts });
    return new Session<S>(this, { given: [...known.given, ...own], inline: roles[0] ? [roles] : [] });
  }

  /**
   * The handle of an operation, for {@link Session.canHandle}.
   *
   * @throws UnknownIdError
   */
  handle(operation: OperationId<S>): OperationHandle {
    return (this.#handles.get(operation) ?? find(this, "operation", operation)) as OperationHandle;
  }
}
