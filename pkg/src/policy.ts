import { Engine } from "../wasm/core.js";
import { errorOf } from "./errors.js";
import { Session } from "./session.js";
import type {
  AnySchema,
  FactId,
  Facts,
  GuideId,
  MenuItemId,
  OperationId,
  Pack,
  PrivilegeId,
  RoleId,
  Schema,
  Subject,
  VerbId,
} from "./types.js";
import { wire } from "./wire.js";

/** @internal What reading bit planes takes: ids by index, and how the planes lie. The engine writes it when a pack is opened. */
export interface Outline {
  readonly id: string;
  readonly title: string;
  readonly version: string;
  readonly fingerprint: string;
  readonly layout: string;
  readonly verbs: readonly (readonly [id: string, label: string])[];
  readonly facts: readonly string[];
  readonly privileges: readonly string[];
  readonly roles: readonly string[];
  readonly guides: readonly (readonly [id: string, label: string])[];
  readonly menu: readonly (readonly [id: string, label: string, parent: number])[];
  readonly operations: readonly (readonly [
    id: string,
    menu: readonly number[],
    verbs: number,
    restricts: 0 | 1,
    obligations: readonly string[],
  ])[];
}

/** @internal How the planes of a session lie, and what is where in the menu: what follows from an outline, found once. */
export interface Plan {
  /** Where planes begin, in words after the state. */
  readonly denied: number;
  readonly owed: number;
  readonly shown: number;
  readonly hidden: number;
  /** By operation: the bit of its first obligation. */
  readonly firstOwed: readonly number[];
  /** By menu item: the operations placed at it, without those that stand for a restriction. */
  readonly placed: readonly (readonly number[])[];
  /** The items below: first those at the top, then by menu item. */
  readonly below: readonly (readonly number[])[];
}

function plan({ operations, menu }: Outline): Plan {
  const size = (bits: number) => (bits + 31) >>> 5;
  const firstOwed: number[] = [];
  const placed: number[][] = menu.map(() => []);
  const below: number[][] = [[], ...menu.map(() => [])];
  let obligations = 0;
  operations.forEach(([, items, , restricts, owed], operation) => {
    firstOwed.push(obligations);
    obligations += owed.length;
    if (!restricts) for (const item of items) placed[item]?.push(operation);
  });
  menu.forEach(([, , parent], item) => below[parent + 1]?.push(item));
  const denied = size(operations.length);
  const owed = 2 * denied;
  const shown = owed + size(obligations);
  return { denied, owed, shown, hidden: shown + size(menu.length), firstOwed, placed, below };
}

/** A handle of an operation of one policy, for the hottest loops: {@link Policy.handle} makes it. */
export type OperationHandle = number & { readonly operation: unique symbol };

/**
 * Opens a pack. Synchronous, O(bytes). A pack from a generated module gives a policy whose ids are typed; bytes from
 * elsewhere give one whose ids are strings, or name the schema: `open<Schema>(bytes)`.
 *
 * @throws InvalidPackError for bytes that are no pack of this release.
 */
export function open<S extends Schema = AnySchema>(pack: Pack<S> | Uint8Array): Policy<S> {
  return new Policy(pack);
}

/** @internal An engine's questions about one pack. Engines keep few packs open; one that was pushed out is opened again. */
export class Asked<E extends { open(pack: Uint8Array): number }> {
  #handle: number | undefined;

  constructor(
    readonly engine: E,
    readonly pack: Uint8Array,
  ) {}

  ask<T>(question: (engine: E, handle: number) => T): T {
    try {
      this.#handle ??= this.engine.open(this.pack);
      try {
        return question(this.engine, this.#handle);
      } catch (thrown) {
        if (thrown !== null) throw thrown; // `null` says that the pack was pushed out
        this.#handle = this.engine.open(this.pack);
        return question(this.engine, this.#handle);
      }
    } catch (thrown) {
      throw errorOf(thrown);
    }
  }
}

let engine: Engine | undefined;

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

  /** @internal */ readonly outline: Outline;
  /** @internal */ readonly plan: Plan;
  /** @internal */ readonly asked: Asked<Engine>;
  /** @internal */ readonly index: ReadonlyMap<string, number>;

  /** @internal */
  constructor(pack: Uint8Array) {
    this.asked = new Asked((engine ??= new Engine()), Uint8Array.from(pack));
    const outline = this.asked.ask((engine, handle) => JSON.parse(engine.outline(handle)) as Outline);
    this.outline = outline;
    this.plan = plan(outline);
    this.id = outline.id;
    this.title = outline.title;
    this.version = outline.version;
    this.fingerprint = outline.fingerprint;
    this.layout = outline.layout;
    this.operations = Object.freeze(outline.operations.map(([id]) => id));
    this.privileges = Object.freeze(outline.privileges);
    this.facts = Object.freeze(outline.facts);
    this.roles = Object.freeze(outline.roles);
    this.verbs = Object.freeze(outline.verbs.map(([id]) => id)) as readonly VerbId<S>[];
    this.guides = Object.freeze(outline.guides.map(([id]) => id));
    this.menu = Object.freeze(outline.menu.map(([id]) => id));
    this.index = new Map(this.operations.map((id, index) => [id, index]));
  }

  /**
   * Resolves a subject: every decision at once, in one call of the engine.
   *
   * @throws UnknownIdError, InvalidGrantError, InvalidFactError, InvalidSubjectError, ConflictingChoiceError
   */
  session(subject: Subject<S> = {}): Session<S> {
    return new Session<S>(this, this.asked.ask((engine, handle) => engine.session(handle, wire(subject))));
  }

  /**
   * The session of a token, with what is known of the subject now. Listed roles come back as one inline role.
   *
   * @throws StaleTokenError for a token of another layout, InvalidTokenError for text that is no token or was damaged.
   */
  restore(token: string, facts: Facts<S> = {}): Session<S> {
    const { asked } = this;
    return new Session<S>(this, asked.ask((engine, handle) => engine.restore(handle, String(token), wire({ facts }))));
  }

  /**
   * The handle of an operation, for {@link Session.canHandle}.
   *
   * @throws UnknownIdError
   */
  handle(operation: OperationId<S>): OperationHandle {
    const index = this.index.get(operation);
    return (index ?? this.unknown("operation", operation)) as OperationHandle;
  }

  /** @internal */
  unknown(kind: "operation" | "menu item" | "verb", id: unknown): never {
    return this.asked.ask((engine, handle) => engine.unknown(handle, kind, String(id))) as never;
  }
}
