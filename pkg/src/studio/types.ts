// The public types of the studio's answers, as the engine returns them.
import type { Session } from "../core/interfaces.js";
import type {
  AnySchema,
  Change,
  Decision,
  FactId,
  FactValue,
  GrantValue,
  Grants,
  GuideId,
  MenuItemId,
  ObligationId,
  OperationId,
  Owed,
  PrivilegeId,
  RoleId,
  Schema,
  Subject,
  VerbId,
  Verdict,
} from "../core/types.js";

/** A place in a document's text: bytes from `start` to `end`, and the line and column (in characters) from 1. */
export interface Location {
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly column: number;
}

/** One thing that is wrong or doubtful in a document. */
export interface Diagnostic {
  /** Stable. */
  readonly code: string;
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly help?: string;
  /** Where, as a JSON pointer. */
  readonly pointer: string;
  /** Where in the text, when text was given. */
  readonly span?: Location;
  /** Other places that have to do with it. */
  readonly related?: readonly { readonly message: string; readonly pointer: string; readonly span?: Location }[];
}

/** A requirement's tree. `true` is `all` of nothing, `false` is `any` of nothing. */
export type RequirementTree =
  | { readonly kind: "all" | "any" | "not"; readonly children: readonly RequirementTree[] }
  | {
      readonly kind: "test";
      readonly test: "held" | "on" | "level" | "option" | "number" | "is-set" | "allowed" | "against";
      readonly id: string;
      readonly op?: string;
      readonly value?: string | number | { readonly whose: string; readonly id: string };
      readonly values?: readonly string[];
      /** In change rules. */
      readonly whose?: "actor" | "before" | "after";
    };

/** A requirement: as written, and parsed. */
export interface Requirement {
  readonly text: string;
  readonly tree: RequirementTree;
}

/** An id and what people read for it: the product's own name. */
export interface Named<Id extends string = string> {
  readonly id: Id;
  readonly label: string;
}

/** Where something is known from. */
export interface Source {
  readonly document: string;
  /** 1-based line of the document. */
  readonly row?: number;
  readonly inferred?: true;
}

/** Everything that a policy says. */
export interface PolicyDescription<S extends Schema = AnySchema> {
  readonly id: string;
  readonly title: string;
  readonly version: string;
  readonly fingerprint: string;
  readonly verbs: readonly Named<VerbId<S>>[];
  readonly facts: readonly (Named<FactId<S>> & {
    readonly kind: "switch" | "number" | "choice";
    readonly options?: readonly Named[];
    readonly where?: string;
    readonly default?: FactValue;
    readonly absent?: FactValue;
    readonly note?: string;
  })[];
  readonly privileges: readonly (Named<PrivilegeId<S>> & {
    readonly group: string;
    readonly kind: "flag" | "level" | "choice" | "set" | "number";
    readonly levels?: readonly (Named & { readonly requires?: Requirement })[];
    readonly options?: readonly Named[];
    readonly requires?: Requirement;
    readonly restricting: boolean;
    readonly unit?: string;
    readonly min?: number;
    readonly max?: number;
    readonly cost?: number;
    readonly grantedThrough?: "subject" | "role" | "both";
    readonly note?: string;
    readonly sources: readonly Source[];
  })[];
  readonly roles: readonly (Named<RoleId<S>> & {
    readonly grants: Grants<S>;
    readonly when?: Requirement;
    readonly inferred?: true;
  })[];
  readonly menu: readonly (Named<MenuItemId<S>> & { readonly parent?: MenuItemId<S> })[];
  readonly operations: readonly (Named<OperationId<S>> & {
    readonly section: string;
    /** Whole paths, root first. */
    readonly menu: readonly (readonly Named<MenuItemId<S>>[])[];
    readonly verbs: readonly VerbId<S>[];
    readonly requires: Requirement;
    readonly obligations: readonly (Named<ObligationId<S>> & { readonly when: Requirement })[];
    readonly restricts: boolean;
    readonly note?: string;
    readonly sources: readonly Source[];
  })[];
  readonly guides: readonly (Named<GuideId<S>> & {
    readonly steps: readonly (Named & {
      readonly operation?: OperationId<S>;
      readonly done: Requirement;
      readonly who?: string;
      /** Whom `done` is read off, where that is not who does it. */
      readonly of?: string;
    })[];
  })[];
  readonly changeRules: readonly (Named & {
    readonly on: readonly ChangeKind[];
    readonly of?: readonly string[];
    readonly requires: Requirement;
    /** Every grant that the change adds must be held by the one who makes it. */
    readonly within?: "actor";
    readonly sources?: readonly Source[];
  })[];
  readonly renamed: { readonly [old: string]: string };
}

/** A grant that is known to have no effect, or a level of which the upper part has none. */
export interface DormantGrant<S extends Schema = AnySchema> {
  readonly privilege: PrivilegeId<S>;
  /** What is granted, as the policy writes it: `true`, or ids and numbers. */
  readonly granted: string;
  /** The lower level that still has its effect; absent when nothing has. */
  readonly effective?: string;
  /** The tests that fail, each with the dormant grant behind it where that is the cause. */
  readonly missing: readonly { readonly test: string; readonly because?: DormantGrant<S> }[];
  readonly sentence: string;
}

/** A node of an explanation. */
export interface TestNode<S extends Schema = AnySchema> {
  readonly kind: "all" | "any" | "not" | "test";
  readonly verdict: Verdict;
  readonly id?: string;
  /** In change rules, whose it is where that is not the result's. */
  readonly whose?: "actor" | "before" | "after";
  /** The test as the policy writes it. */
  readonly needed?: string;
  /** What there is; absent when nothing is. */
  readonly held?: string;
  readonly because?: DormantGrant<S>;
  readonly children?: readonly TestNode<S>[];
}

/** Something small that would have changed a decision. */
export interface NearMiss<S extends Schema = AnySchema> {
  readonly change: Change<S>;
  /** As of a {@link Fix}. */
  readonly cost: number;
}

/** Why an operation is allowed, denied or undecided. */
export interface Explanation<S extends Schema = AnySchema> {
  readonly operation: OperationId<S>;
  readonly decision: Decision;
  readonly obligations: readonly ObligationId<S>[];
  readonly tree: TestNode<S>;
  /** Of an allowed operation the fewest grants and known facts on which it can rest alone, beside what only restricts it; else what its reasons name. */
  readonly decisive: readonly (PrivilegeId<S> | FactId<S>)[];
  /** Of an allowed operation: the grants that it reads and does not need besides. */
  readonly redundant: readonly (PrivilegeId<S> | FactId<S>)[];
  /** Where it is not allowed: what would have been enough, the least first. */
  readonly nearMisses: readonly NearMiss<S>[];
  /** Unknown facts on which the decision rests. */
  readonly facts: readonly FactId<S>[];
  readonly inferred: readonly Source[];
  /** Stable. */
  readonly code: "allowed" | "allowed-with-obligations" | "denied" | "undecided";
  /** What the sentence is made of. */
  readonly args: object;
  readonly sentence: string;
}

/** What a change does. */
export interface Preview<S extends Schema = AnySchema> {
  /** Operations that it makes allowed, in policy order, without those that stand for a restriction. */
  readonly gained: readonly OperationId<S>[];
  /** Operations that are no longer allowed. */
  readonly lost: readonly OperationId<S>[];
  /** Menu items that become shown, and that no longer are. */
  readonly menu: { readonly shown: readonly MenuItemId<S>[]; readonly hidden: readonly MenuItemId<S>[] };
  /** Obligations that become owed, and that no longer are. */
  readonly obligations: { readonly added: readonly Owed<S>[]; readonly removed: readonly Owed<S>[] };
  /**
   * Dormant grants as they are after the change and were not before, and the reverse. One of which the granted or the
   * effective value changes stands in both.
   */
  readonly dormant: { readonly added: readonly DormantGrant<S>[]; readonly removed: readonly DormantGrant<S>[] };
}

/** What a fix may do. */
export interface FixOptions<S extends Schema = AnySchema> {
  /** What the operation is to be; `"allowed"` when not given. */
  readonly to?: "allowed" | "denied";
  /** What assigning a privilege, fact or role costs, in place of what the policy says: 1 or more. */
  readonly costs?: { readonly [id in PrivilegeId<S> | FactId<S> | RoleId<S>]?: number };
  /** What may not change. */
  readonly frozen?: readonly (PrivilegeId<S> | FactId<S> | RoleId<S>)[];
  /** Whether grants are proposed on the subject itself, through roles, or both; without it, as each privilege's `grantedThrough` says. */
  readonly through?: "subject" | "role" | "both";
  /** The most fixes to return. */
  readonly limit?: number;
}

/** One assignment of a fix. */
export type FixStep<S extends Schema = AnySchema> =
  | {
      /** `raise`: something of it is held already. `revoke`: less of it, or nothing, is held afterwards. */
      readonly kind: "grant" | "raise" | "revoke";
      readonly id: PrivilegeId<S>;
      readonly from?: GrantValue;
      readonly to?: GrantValue;
    }
  | {
      /** `learn`: the fact is unknown, and must turn out so. `switch`: it is known and must change. */
      readonly kind: "switch" | "learn";
      readonly id: FactId<S>;
      readonly from?: FactValue;
      readonly to?: FactValue;
      /** No administrator grants a fact. */
      readonly somebodyElse: true;
    }
  | {
      readonly kind: "role";
      readonly id: RoleId<S>;
      /** Whether it is listed, before and after. */
      readonly from?: boolean;
      readonly to?: boolean;
      /** What it grants beyond what the fix needs. */
      readonly excess: Grants<S>;
    };

/** A change of least cost that makes an operation what it is to be. */
export interface Fix<S extends Schema = AnySchema> {
  readonly change: Change<S>;
  /** Each assigned id once: a privilege its `cost`, a fact 100, a role the sum over the grants that it adds or takes. */
  readonly cost: number;
  readonly steps: readonly FixStep<S>[];
  /** Everything that the change does, with what it is for. */
  readonly sideEffects: Preview<S>;
  readonly sentence: string;
}

/** The smallest fixes. */
export interface FixResult<S extends Schema = AnySchema> {
  readonly fixes: readonly Fix<S>[];
  /** Whether all of the smallest are here. */
  readonly complete: boolean;
  /** Whether it is proved that none is smaller. */
  readonly minimal: boolean;
  /** The bound that stopped the search, where one did. */
  readonly stoppedBy?: string;
  /** Where there is no fix: what is frozen and stands in the way. */
  readonly blockedBy: readonly (PrivilegeId<S> | FactId<S> | RoleId<S>)[];
}

/** Roles that exist, beside what is needed. */
export interface NearestRoles<S extends Schema = AnySchema> {
  /** One role or a pair. */
  readonly roles: readonly RoleId<S>[];
  /** What is needed and they do not grant. */
  readonly missing: Grants<S>;
  /** What they grant and is not needed. */
  readonly excess: Grants<S>;
}

/** The smallest grants for a set of operations. */
export interface LeastPrivilege<S extends Schema = AnySchema> extends FixResult<S> {
  /** The nearest first. */
  readonly nearestRoles: readonly NearestRoles<S>[];
}

/** Who acts in a guide: one session for every step, or one by each `who` of its steps. */
export type Actors<S extends Schema = AnySchema> = Session<S> | { readonly [who: string]: Session<S> };

/** A step of a guide as it stands. */
export interface GuideStep<S extends Schema = AnySchema> {
  readonly id: string;
  readonly label: string;
  /** Ready: it is its turn, all earlier steps being done, and who does it may. */
  readonly state: "done" | "ready" | "blocked";
  readonly who?: string;
  /** The earlier steps that are not done; of a step that is done, none. */
  readonly waitsFor: readonly string[];
  /** Why its operation is not allowed to who does it, where the step is not done. */
  readonly explanation?: Explanation<S>;
  /** What would allow its operation to who does it, where the step is not done and it is not allowed. */
  readonly fixes?: FixResult<S>;
}

/** What a change rule is about. */
export type ChangeKind = "privileges" | "roles" | "facts" | "create" | "delete" | "role-definition" | "result";

/** A change that somebody would make. */
export interface ReviewedChange<S extends Schema = AnySchema> {
  /** Who makes it. */
  readonly actor: Session<S>;
  /** Whom it is made to, as they are; `{}`, or the one who is copied, for somebody new. */
  readonly before: Subject<S>;
  /** The result; `{}` for a deletion. */
  readonly after: Subject<S>;
  /** What the difference does not say. Before and after a `role-definition` are what the role grants. */
  readonly kind?: "create" | "delete" | "role-definition";
}

/** Whether a change is allowed, and why not. */
export interface Review<S extends Schema = AnySchema> {
  /** `yes` where every rule that applies holds, `no` where one surely does not; `unknown` refuses as well. */
  readonly allowed: Verdict;
  /** The change rules that do not surely hold, in policy order. */
  readonly broken: readonly {
    readonly rule: string;
    readonly label: string;
    /** Its `operation` is the rule; `undecided` where an unknown fact matters. */
    readonly explanation: Explanation<S>;
  }[];
}

/** What an impact is asked of. */
export type ImpactTarget<S extends Schema = AnySchema> =
  | { readonly [P in PrivilegeId<S>]: { readonly privilege: P; readonly value?: S["grantValues"][P] } }[PrivilegeId<S>]
  | { readonly [F in FactId<S>]: { readonly fact: F; readonly value?: S["factValues"][F] } }[FactId<S>]
  | { readonly role: RoleId<S> }
  | { readonly operation: OperationId<S> };

/** What something opens and closes, decided over everybody that there may be; in policy order. */
export interface Impact<S extends Schema = AnySchema> {
  /** Operations that somebody is allowed with it and not without; of an operation, those that everybody is allowed who is allowed it. */
  readonly unlocks: readonly OperationId<S>[];
  /** Operations that somebody is allowed without it and not with it; of an operation, those that nobody is allowed who is allowed it. */
  readonly takesAway: readonly OperationId<S>[];
  /** Privileges without which it has no effect, or is not allowed. */
  readonly needed: readonly PrivilegeId<S>[];
  /** Operations that nobody is allowed without it. */
  readonly soleWayTo: readonly OperationId<S>[];
  /** Operations about which the question was too large to be answered; they are in none of the other lists. */
  readonly unanswered?: readonly OperationId<S>[];
}

/** Something that two versions of a policy decide otherwise for somebody. */
export interface Difference<S extends Schema = AnySchema> {
  /** The operation, or the privilege whose requirement changed. */
  readonly id: string;
  readonly kind: "operation" | "requires" | "obligation";
  readonly obligation?: string;
  /** The level or option whose requirement changed. */
  readonly level?: string;
  /** The smallest subject for whom they differ, in the words of the later version. */
  readonly witness: Subject<S>;
  /** What the earlier version decides for it: of a requirement, whether the grant has its effect; of an obligation, whether the operation is allowed. */
  readonly before: Decision;
  readonly after: Decision;
  /** Of an obligation, whether the later version asks for it; the earlier one then does not, or the reverse. */
  readonly owed?: boolean;
}

/** What two versions of a policy mean differently. */
export interface PolicyDifference<S extends Schema = AnySchema> {
  /** Ids that only the later one has; a level or option as `privilege/level`. */
  readonly added: readonly string[];
  /** Ids that only the earlier one has. */
  readonly removed: readonly string[];
  /** Ids that the later one declares as renamed, by what they were. */
  readonly renamed: { readonly [old: string]: string };
  /** What is decided otherwise for somebody; equal in meaning is equal, however it is written. */
  readonly changed: readonly Difference<S>[];
  /** What the question was too large about: it may have changed. */
  readonly unanswered?: readonly string[];
}
