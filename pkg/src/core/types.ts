// The public data types of `privet`.

/** The value of a grant: `true` for a flag, the id of a level or option, a set's option ids, or a number. */
export type GrantValue = boolean | string | number | readonly string[];

/** The value of a fact: `true` or `false` for a switch, the id of an option, or a number. */
export type FactValue = boolean | string | number;

/**
 * The ids of a policy as unions of string literals, so that unknown ids are compile errors. A policy's generated module
 * exports its schema; `Subject<Schema>`, `OperationId<Schema>` and the like are derived from it. A kind of
 * id that the policy does not use has the type `never`.
 */
export interface Schema {
  readonly operations: string;
  readonly privileges: string;
  readonly facts: string;
  readonly roles: string;
  readonly guides: string;
  /** Menu item ids. */
  readonly menu: string;
  readonly verbs: string;
  readonly obligations: string;
  /** The value type of each privilege: `boolean` for a flag, level or option ids, a list of option ids for a set, `number`. */
  readonly grantValues: { readonly [privilege: string]: GrantValue };
  /** The value type of each fact: `boolean` for a switch, option ids for a choice, `number`. */
  readonly factValues: { readonly [fact: string]: FactValue };
}

/** The schema of a policy that is not known at compile time: every id is a `string` and is checked at run time. */
export interface AnySchema extends Schema {}

/**
 * Where an app names the schema of its policy, so that the adapters of frameworks have typed ids:
 * `declare module "privet" { interface Register { schema: Schema } }`.
 */
// biome-ignore lint/suspicious/noEmptyInterface: apps add the member
export interface Register {}

/** The schema that {@link Register} names; without one, every id is a `string`. */
export type RegisteredSchema = Register extends { readonly schema: infer S extends Schema } ? S : AnySchema;

/** An operation's id. */
export type OperationId<S extends Schema = AnySchema> = S["operations"];
/** A privilege's id. */
export type PrivilegeId<S extends Schema = AnySchema> = S["privileges"];
/** A fact's id. */
export type FactId<S extends Schema = AnySchema> = S["facts"];
/** A role's id. */
export type RoleId<S extends Schema = AnySchema> = S["roles"];
/** A guide's id. */
export type GuideId<S extends Schema = AnySchema> = S["guides"];
/** A menu item's id. */
export type MenuItemId<S extends Schema = AnySchema> = S["menu"];
/** A verb's id. */
export type VerbId<S extends Schema = AnySchema> = S["verbs"];
/** An obligation's id. */
export type ObligationId<S extends Schema = AnySchema> = S["obligations"];

/** Grants by privilege id. `false` and `[]` are no grant. */
export type Grants<S extends Schema = AnySchema> = { readonly [P in keyof S["grantValues"]]?: S["grantValues"][P] };

/** Known facts by id. A fact that is missing or `null` is unknown. */
export type Facts<S extends Schema = AnySchema> = { readonly [F in keyof S["factValues"]]?: S["factValues"][F] | null };

/** Seconds since 1970, a whole number. */
export type EpochSeconds = number;

/** A person: roles, own grants and facts. */
export interface Subject<S extends Schema = AnySchema> {
  /** Roles of the policy by id, some until a time, and inline roles: objects of grants, or with a name. */
  readonly roles?: readonly (
    | RoleId<S>
    | { readonly role: RoleId<S>; readonly until: EpochSeconds }
    | Grants<S>
    | { readonly name: string; readonly grants?: Grants<S> }
  )[];
  /** The subject's own grants, some until a time. */
  readonly grants?: {
    readonly [P in keyof S["grantValues"]]?: S["grantValues"][P] | Ending<S["grantValues"][P]>;
  };
  /** The known facts of the subject and the installation. */
  readonly facts?: Facts<S>;
}

/** A grant until a time. It counts while the time of the session is before. */
export interface Ending<V> {
  readonly value: V;
  readonly until: EpochSeconds;
}

/** Options of a session. */
export interface SessionOptions {
  /** The time. It is needed for a subject with grants or roles that end, and has no effect on any other. */
  readonly now?: EpochSeconds | undefined;
}

/** Assignments to the grants of an inline role. */
export interface Amendment<S extends Schema = AnySchema> {
  readonly index: number;
  readonly set: { readonly [P in keyof S["grantValues"]]?: S["grantValues"][P] | null };
}

/** Assignments that replace values. The whole change is applied, then the result is validated. */
export interface Change<S extends Schema = AnySchema> {
  /** The subject's own grants, some until a time; `null` removes one. */
  readonly set?: {
    readonly [P in keyof S["grantValues"]]?: S["grantValues"][P] | Ending<S["grantValues"][P]> | null;
  };
  /** Facts; `null` makes one unknown. */
  readonly facts?: Facts<S>;
  /** Roles to add to and to remove from the listed roles, and inline roles to amend. */
  readonly roles?: {
    readonly add?: readonly RoleId<S>[];
    readonly remove?: readonly RoleId<S>[];
    /** Inline roles, counted from 0 among the subject's inline roles, and the grants to set in each; `null` removes one. */
    readonly amend?: readonly Amendment<S>[];
  };
}

declare const schema: unique symbol;

/** A compiled policy as bytes. The schema is a type only: at run time it is a plain `Uint8Array`. */
export type Pack<S extends Schema = AnySchema> = Uint8Array & { readonly [schema]?: S };

/** Whether an operation is allowed. `undecided` means that it depends on an unknown fact; treat it as denied. */
export type Decision = "allowed" | "denied" | "undecided";

/** Whether a test or requirement holds; `unknown` where it depends on an unknown fact. */
export type Verdict = "yes" | "no" | "unknown";

/** The decision on an operation. */
export interface Decided<S extends Schema = AnySchema> {
  readonly decision: Decision;
  /** The obligations that are owed; empty unless the operation is allowed. */
  readonly obligations: readonly ObligationId<S>[];
}

/** A menu item as the subject sees it. */
export interface MenuItem<S extends Schema = AnySchema> {
  readonly id: MenuItemId<S>;
  readonly label: string;
  /** Data of the product, as the policy has it: an address, an icon, any JSON. */
  readonly meta?: unknown;
  /** `shown` if a non-restricting operation at or below it is allowed, else `undecided` if one is undecided, else `hidden`. */
  readonly state: "shown" | "hidden" | "undecided";
  /** Verbs of the allowed operations placed at the item itself, in policy order. */
  readonly verbs: readonly VerbId<S>[];
  /** The allowed operations placed at the item itself. */
  readonly operations: readonly OperationId<S>[];
  readonly children: readonly MenuItem<S>[];
}

/** The verbs of the allowed operations placed at a menu item. */
export interface Verbs<S extends Schema = AnySchema> {
  has(verb: VerbId<S>): boolean;
  /** In policy order. */
  readonly names: readonly VerbId<S>[];
}

/** Who gives a grant. */
export type Giver<S extends Schema = AnySchema> =
  /** The subject's own grant. */
  | { readonly by: "own" }
  /** A role of the policy; if it is not listed, with the facts on which its `when` depends. */
  | { readonly by: "role"; readonly role: RoleId<S>; readonly facts?: readonly FactId<S>[] }
  /** An inline role, by its place among the subject's inline roles, from 0, with its name if it has one. */
  | { readonly by: "inline"; readonly index: number; readonly name?: string };

/**
 * Who gives as much as is granted, in the order own, roles in policy order, inline roles; of a set by option. Of a choice or number
 * whose value is the subject's own, the subject alone. Roles that may be held are not named; nobody is where the value is undecided.
 */
export type From<S extends Schema = AnySchema> =
  | readonly Giver<S>[]
  | { readonly [option: string]: readonly Giver<S>[] };

/** The value of a privilege in a session; `V` is the value type. */
export interface Holding<V extends GrantValue = GrantValue, S extends Schema = AnySchema> {
  /** The granted value; `undefined` if there is no grant, `"undecided"` if it depends on an unknown fact. */
  readonly granted: V | undefined | "undecided";
  /** The value that has an effect: a grant whose requirements fail has none. */
  readonly effective: V | undefined | "undecided";
  /** Who gives what is granted; of a set by option. */
  readonly from: [V] extends [readonly string[]]
    ? { readonly [option in V[number]]?: readonly Giver<S>[] }
    : [V] extends [boolean | number | string]
      ? readonly Giver<S>[]
      : From<S>;
}

/** An obligation of an operation. */
export interface Owed<S extends Schema = AnySchema> {
  readonly operation: OperationId<S>;
  readonly obligation: ObligationId<S>;
}

/** The difference of two sessions of one policy. */
export interface Difference<S extends Schema = AnySchema> {
  /** Operations that only the other session allows. */
  readonly gained: readonly OperationId<S>[];
  /** Operations that only this session allows. */
  readonly lost: readonly OperationId<S>[];
  /** Obligations that only the other session owes, and that only this session owes. */
  readonly obligations: { readonly added: readonly Owed<S>[]; readonly removed: readonly Owed<S>[] };
}

/** Who gives a value, if the subject does not give it itself, with the label of the role. */
export type GivingRole<S extends Schema> = Giver<S> & { readonly label: string };

/** A test that determines a decision: `args.reasons` of the studio's `explain` has the same ones, in the same order. */
export interface Reason<S extends Schema> {
  /**
   * `granted`, `not-granted`, `dormant`, `on`, `off`, `too-low`, `too-high`, `value`, `other-value`, `set`, `not-set`, `included`,
   * `not-included`, `allowed`, `denied`, `met`, `not-met` or `unknown`.
   */
  readonly code: string;
  /** The id of the fact, privilege, operation or condition. */
  readonly id: string;
  readonly label: string;
  /** The needed value, in labels. */
  readonly needed: string;
  /** The held value, in labels; empty if there is none. */
  readonly held: string;
  /** Of the reasons with the same number, fixing one is enough. */
  readonly alternative?: number;
  /** Whether it is a fact: the system's, which nobody grants. */
  readonly system?: true;
  /** The place where the fact is set. */
  readonly place?: string;
  /** The roles that give the value, if the subject does not give it itself. */
  readonly through?: readonly GivingRole<S>[];
  /** The reason in words; of a dormant grant with one cause. */
  readonly text: string;
}

/** Why an operation is allowed, denied or undecided. */
export interface Why<S extends Schema> {
  readonly decision: Decided<S>["decision"];
  /** The tests that decide: those that hold if it is allowed, that fail if denied, that are unknown if undecided. */
  readonly reasons: readonly Reason<S>[];
  /** The first of them in words. */
  readonly sentence: string;
}
