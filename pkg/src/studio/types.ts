// The public types of the studio: arguments, written here, and answers, generated from the Rust types.
import type { Session } from "../core/interfaces.js";
import type {
  AnySchema,
  EpochSeconds,
  FactId,
  MenuItemId,
  ObligationId,
  OperationId,
  PrivilegeId,
  RoleId,
  Schema,
  Subject,
  VerbId,
} from "../core/types.js";
import type { Messages } from "./messages.js";

export type * from "./answers.js";
export type * from "./messages.js";

/**
 * Labels of a policy in another language, by kind and id. Only the answers of a studio have them; packs and records stay as they are.
 */
export interface Labels<S extends Schema = AnySchema> {
  readonly facts?: { readonly [id in FactId<S>]?: string };
  readonly conditions?: { readonly [id: string]: string };
  readonly privileges?: { readonly [id in PrivilegeId<S>]?: string };
  readonly roles?: { readonly [id in RoleId<S>]?: string };
  readonly menu?: { readonly [id in MenuItemId<S>]?: string };
  readonly operations?: { readonly [id in OperationId<S>]?: string };
  readonly verbs?: { readonly [id in VerbId<S>]?: string };
  readonly obligations?: { readonly [id in ObligationId<S>]?: string };
  /** Guides, and their steps as `guide/step`. */
  readonly guides?: { readonly [id: string]: string };
  readonly changeRules?: { readonly [id: string]: string };
  /** Where a fact is set. */
  readonly places?: { readonly [id in FactId<S>]?: string };
  /** The unit of a number privilege. */
  readonly units?: { readonly [id in PrivilegeId<S>]?: string };
  /** The levels and options of a fact or privilege. */
  readonly values?: { readonly [id in FactId<S> | PrivilegeId<S>]?: { readonly [value: string]: string } };
}

/** How a studio words its answers. */
export interface Wording<S extends Schema = AnySchema> {
  /** The messages in another language, such as those of `privet/messages/de`; by default English. */
  readonly messages?: Messages | undefined;
  /** Labels of one policy. Another policy, or version, may lack some of their ids: open it with a studio of its own. */
  readonly labels?: Labels<S> | undefined;
}

/** Options of checking and compiling a document. */
export interface DocumentOptions {
  /** The files that the document includes, by the names in its `include`: JSON with comments, or objects. */
  readonly files?: { readonly [name: string]: string | object } | undefined;
}

/** Options of compiling a document. */
export interface CompileOptions extends DocumentOptions {
  /**
   * Whether the pack has the reasons that `privet/why` names: by default in English and with the labels of the document, so that a
   * document compiles to the same pack everywhere; `"localized"` in the words of this studio's messages and labels.
   */
  readonly reasons?: boolean | "localized" | undefined;
}

/** Options of a search for fixes. */
export interface FixOptions<S extends Schema = AnySchema> {
  /** The decision to reach; by default `"allowed"`. */
  readonly to?: "allowed" | "denied";
  /** Costs of assigning a privilege, fact or role that replace those of the policy; integers of at least 1. */
  readonly costs?: { readonly [id in PrivilegeId<S> | FactId<S> | RoleId<S>]?: number };
  /** Ids that must not change. */
  readonly frozen?: readonly (PrivilegeId<S> | FactId<S> | RoleId<S>)[];
  /** Whether fixes grant to the subject itself, through roles, or both; by default the `grantedThrough` of each privilege. */
  readonly through?: "subject" | "role" | "both";
  /** The maximum number of fixes to return. */
  readonly limit?: number;
}

/** Options of a search for the least privilege. */
export interface LeastPrivilegeOptions<S extends Schema = AnySchema> extends Omit<FixOptions<S>, "to"> {
  /** What is least: the other operations that it opens (the default), or the cost. */
  readonly by?: "excess" | "cost";
}

/** The actors of a guide: one session for all steps, or a session for each `who` of its steps. */
export type Actors<S extends Schema = AnySchema> = Session<S> | { readonly [who: string]: Session<S> };

/** A change to review. */
export interface ReviewedChange<S extends Schema = AnySchema> {
  /** The person who makes the change. */
  readonly actor: Session<S>;
  /** The subject before the change; for a new person, `{}` or the person who is copied. */
  readonly before: Subject<S>;
  /** The subject after the change; `{}` for a deletion. */
  readonly after: Subject<S>;
  /** The kind, where it does not follow from the difference. For `role-definition`, before and after are the grants of the role. */
  readonly kind?: "create" | "delete" | "role-definition";
  /** The time, for subjects with grants or roles that end. */
  readonly now?: EpochSeconds | undefined;
  /** Other people: the review says which of them could make the change, alone or two together. At most 256. */
  readonly others?: readonly Session<S>[];
}

/** The subject of an impact query. */
export type ImpactTarget<S extends Schema = AnySchema> =
  | { readonly [P in PrivilegeId<S>]: { readonly privilege: P; readonly value?: S["grantValues"][P] } }[PrivilegeId<S>]
  | { readonly [F in FactId<S>]: { readonly fact: F; readonly value?: S["factValues"][F] } }[FactId<S>]
  | { readonly role: RoleId<S> }
  | { readonly operation: OperationId<S> };
