/** A value that grants something: `true` for a flag, a level's or option's id, a set's option ids, or a number. */
export type GrantValue = boolean | string | number | readonly string[];

/** A fact's value: `true` or `false` for a switch, an option's id, or a number. */
export type FactValue = boolean | string | number;

/**
 * The ids of a policy as unions of string literals, so that one that it lacks does not compile. A policy's generated
 * module exports its own; `Subject<Schema>`, `OperationId<Schema>` and the like are made from it. Where a policy has none
 * of a kind, that is `never`.
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
  /** What each privilege takes: `boolean` for a flag, level or option ids, a list of option ids for a set, `number`. */
  readonly grantValues: { readonly [privilege: string]: GrantValue };
  /** What each fact takes: `boolean` for a switch, option ids for a choice, `number`. */
  readonly factValues: { readonly [fact: string]: FactValue };
}

/** The schema of a policy of which nothing is known at compile time: every id is a `string`, checked when it is used. */
export interface AnySchema extends Schema {}

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

/** Grants by privilege id. `false` and `[]` grant nothing. */
export type Grants<S extends Schema = AnySchema> = { readonly [P in keyof S["grantValues"]]?: S["grantValues"][P] };

/** Known facts by id. A fact that is not here, or `null`, is unknown. */
export type Facts<S extends Schema = AnySchema> = { readonly [F in keyof S["factValues"]]?: S["factValues"][F] | null };

/** Somebody: roles, own grants and facts. */
export interface Subject<S extends Schema = AnySchema> {
  /** A role of the policy by its id, or an inline set of grants. */
  readonly roles?: readonly (RoleId<S> | Grants<S>)[];
  /** The subject's own grants. */
  readonly grants?: Grants<S>;
  /** What is known of the subject and the installation. */
  readonly facts?: Facts<S>;
}

/** Assignments; nothing joins. They apply as a whole and are then checked. */
export interface Change<S extends Schema = AnySchema> {
  /** The subject's own values; `null` takes one away. */
  readonly set?: { readonly [P in keyof S["grantValues"]]?: S["grantValues"][P] | null };
  /** Facts; `null` makes one unknown. */
  readonly facts?: Facts<S>;
  /** Roles to list and no longer to list. */
  readonly roles?: { readonly add?: readonly RoleId<S>[]; readonly remove?: readonly RoleId<S>[] };
}

declare const schema: unique symbol;

/** A compiled policy as bytes. It carries its schema as a type only: at run time it is a `Uint8Array` and nothing else. */
export type Pack<S extends Schema = AnySchema> = Uint8Array & { readonly [schema]?: S };

/** Whether an operation is allowed: only `allowed` opens anything. */
export type Decision = "allowed" | "denied" | "undecided";

/** Whether a test or requirement holds while some facts may be unknown. */
export type Verdict = "yes" | "no" | "unknown";

/** What was decided about an operation. */
export interface Decided<S extends Schema = AnySchema> {
  readonly decision: Decision;
  /** What is owed; empty unless allowed. */
  readonly obligations: readonly ObligationId<S>[];
}

/** A menu item as the subject sees it. */
export interface MenuItem<S extends Schema = AnySchema> {
  readonly id: MenuItemId<S>;
  readonly label: string;
  /** Shown when an operation at or below it that stands for no restriction is allowed, else undecided when one is, else hidden. */
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

/** What a subject holds of a privilege that takes values of type `V`. */
export interface Holding<V extends GrantValue = GrantValue> {
  /** As granted; `undefined` when it is not, `"undecided"` when that depends on an unknown fact. */
  readonly granted: V | undefined | "undecided";
  /** As far as it has an effect. */
  readonly effective: V | undefined | "undecided";
}

/** An obligation of an operation. */
export interface Owed<S extends Schema = AnySchema> {
  readonly operation: OperationId<S>;
  readonly obligation: ObligationId<S>;
}

/** What one session allows and owes, and another does not. */
export interface Difference<S extends Schema = AnySchema> {
  /** Allowed there and not here. */
  readonly gained: readonly OperationId<S>[];
  /** Allowed here and not there. */
  readonly lost: readonly OperationId<S>[];
  /** Obligations owed there and not here, and the reverse. */
  readonly obligations: { readonly added: readonly Owed<S>[]; readonly removed: readonly Owed<S>[] };
}
