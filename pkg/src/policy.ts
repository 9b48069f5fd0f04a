import { find } from "./ids.js";
import type { What } from "./ids.js";
import { program } from "./program.js";
import type { Program } from "./program.js";
import { Session } from "./session.js";
import { read } from "./subject.js";
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
export class Policy<out S extends Schema = AnySchema> {
  readonly id: string;
  readonly title: string;
  readonly version: string;
  /** SHA-256 of the canonical document, in hexadecimal. */
  readonly fingerprint: string;
  /** What its tokens begin with. Two policies with the same layout read each other's tokens. */
  readonly layout: string;
  /** Operation ids, in policy order. */
  readonly operations: readonly OperationId<S>[];
  /** Privilege ids, in policy order; so are those of facts, roles and guides. */
  readonly privileges: readonly PrivilegeId<S>[];
  readonly facts: readonly FactId<S>[];
  readonly roles: readonly RoleId<S>[];
  readonly guides: readonly GuideId<S>[];
  readonly verbs: readonly VerbId<S>[];
  /** Menu item ids, parents first. */
  readonly menu: readonly MenuItemId<S>[];

  /** @internal The bytes that it was opened from. */ readonly pack: Uint8Array;
  /** @internal */ readonly program: Program;

  /** @internal */
  constructor(pack: Uint8Array) {
    this.pack = Uint8Array.from(pack);
    this.program = program(this.pack);
    const { outline, fingerprint, ids } = this.program;
    const list = (what: What) => Object.freeze([...ids.get(what)!.keys()]);
    this.id = outline.id;
    this.title = outline.title;
    this.version = outline.version;
    this.fingerprint = fingerprint;
    this.layout = outline.layout;
    this.operations = list("operation");
    this.privileges = list("privilege");
    this.facts = list("fact");
    this.roles = list("role");
    this.verbs = list("verb");
    this.guides = list("guide");
    this.menu = list("menu item");
  }

  /**
   * Resolves a subject: every decision at once, in one call of the engine.
   *
   * @throws UnknownIdError, InvalidGrantError, InvalidFactError, InvalidSubjectError, ConflictingChoiceError
   */
  session(subject: Subject<S> = {}): Session<S> {
    return new Session<S>(this, read(this.program, subject));
  }

  /**
   * The session of a token, with what is known of the subject now. Listed roles come back as one inline role.
   *
   * @throws StaleTokenError for a token of another layout, InvalidTokenError for text that is no token or was damaged.
   */
  restore(token: string, facts: Facts<S> = {}): Session<S> {
    const [own, roles] = untoken(this.program, String(token));
    const [known] = read(this.program, { facts });
    return new Session<S>(this, roles.length ? [known, own, [], roles] : [known, own, []]);
  }

  /**
   * The handle of an operation, for {@link Session.canHandle}.
   *
   * @throws UnknownIdError
   */
  handle(operation: OperationId<S>): OperationHandle {
    return find(this.program.ids, "operation", operation) as OperationHandle;
  }
}
