/** A value that grants something: `true` for a flag, a level's or option's id, a set's option ids, or a number. */
export type GrantValue = boolean | string | number | readonly string[];

/** A fact's value: `true` or `false` for a switch, an option's id, or a number. */
export type FactValue = boolean | string | number;

/** Grants by privilege id. `false` and `[]` grant nothing. */
export type Grants = { readonly [privilege: string]: GrantValue };

/** Known facts by id. A fact that is not here, or `null`, is unknown. */
export type Facts = { readonly [fact: string]: FactValue | null };

/** Somebody: roles, own grants and facts. */
export interface Subject {
  /** A role of the policy by its id, or an inline set of grants. */
  readonly roles?: readonly (string | Grants)[];
  /** The subject's own grants. */
  readonly grants?: Grants;
  /** What is known of the subject and the installation. */
  readonly facts?: Facts;
}

/** Assignments; nothing joins. They apply as a whole and are then checked. */
export interface Change {
  /** The subject's own values; `null` takes one away. */
  readonly set?: { readonly [privilege: string]: GrantValue | null };
  /** Facts; `null` makes one unknown. */
  readonly facts?: Facts;
  /** Roles to list and no longer to list. */
  readonly roles?: { readonly add?: readonly string[]; readonly remove?: readonly string[] };
}

/** A compiled policy as bytes. */
export type Pack = Uint8Array;

/** Whether an operation is allowed: only `allowed` opens anything. */
export type Verdict = "allowed" | "denied" | "undecided";

/** What was decided about an operation. */
export interface Decision {
  readonly decision: Verdict;
  /** What is owed; empty unless allowed. */
  readonly obligations: readonly string[];
}

/** A menu item as the subject sees it. */
export interface MenuItem {
  readonly id: string;
  readonly label: string;
  /** Shown when an operation at or below it is allowed, else undecided when one is, else hidden. */
  readonly state: "shown" | "hidden" | "undecided";
  /** Verbs of the allowed operations placed at the item itself, in policy order. */
  readonly verbs: readonly string[];
  /** The allowed operations placed at the item itself. */
  readonly operations: readonly string[];
  readonly children: readonly MenuItem[];
}

/** What a subject holds of a privilege. */
export interface Holding {
  /** As granted; `undefined` when it is not, `"undecided"` when that depends on an unknown fact. */
  readonly granted: GrantValue | undefined | "undecided";
  /** As far as it has an effect. */
  readonly effective: GrantValue | undefined | "undecided";
}

/** What one session allows and owes, and another does not. */
export interface Difference {
  /** Allowed there and not here. */
  readonly gained: readonly string[];
  /** Allowed here and not there. */
  readonly lost: readonly string[];
  /** Obligations owed there and not here, and the reverse. */
  readonly obligations: {
    readonly added: readonly { readonly operation: string; readonly obligation: string }[];
    readonly removed: readonly { readonly operation: string; readonly obligation: string }[];
  };
}
