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

/** A span of a document's text: byte offsets `start` and `end`, and the line and column of its start, from 1, in characters. */
export interface Location {
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly column: number;
}

/** An error or warning about a document. */
export interface Diagnostic {
  /** The stable code. */
  readonly code: string;
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly help?: string;
  /** The place in the document, as a JSON pointer. */
  readonly pointer: string;
  /** The place in the text, if the document was passed as text. */
  readonly span?: Location;
  /** Related places. */
  readonly related?: readonly { readonly message: string; readonly pointer: string; readonly span?: Location }[];
}

/** A requirement as a tree. `true` is an `all` without children, `false` an `any` without children. */
export type RequirementTree =
  | { readonly kind: "all" | "any" | "not"; readonly children: readonly RequirementTree[] }
  | {
      readonly kind: "test";
      readonly test: "held" | "on" | "level" | "option" | "number" | "is-set" | "allowed" | "against";
      readonly id: string;
      readonly op?: string;
      readonly value?: string | number | { readonly whose: string; readonly id: string };
      readonly values?: readonly string[];
      /** In change rules: the subject whose value is tested. */
      readonly whose?: "actor" | "before" | "after";
    };

/** A requirement as text and as a tree. */
export interface Requirement {
  readonly text: string;
  readonly tree: RequirementTree;
}

/** An id with its label, the name that the product uses. */
export interface Named<Id extends string = string> {
  readonly id: Id;
  readonly label: string;
}

/** The source of a statement in a policy. */
export interface Source {
  readonly document: string;
  /** The line of the source document, from 1. */
  readonly row?: number;
  readonly inferred?: true;
}

/** The content of a policy. */
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
    /** The menu items at which it is placed, as paths from the root. */
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
      /** The actor on whose session `done` is evaluated, if that is not `who`. */
      readonly of?: string;
    })[];
  })[];
  readonly changeRules: readonly (Named & {
    readonly on: readonly ChangeKind[];
    readonly of?: readonly string[];
    readonly requires: Requirement;
    /** The actor must hold every grant that the change adds. */
    readonly within?: "actor";
    readonly sources?: readonly Source[];
  })[];
  readonly renamed: { readonly [old: string]: string };
}

/** A grant that is known to have no effect, or a level whose upper part has none. */
export interface DormantGrant<S extends Schema = AnySchema> {
  readonly privilege: PrivilegeId<S>;
  /** The granted value in the notation of the policy: `true`, ids, or a number. */
  readonly granted: string;
  /** The lower level that has an effect; absent if there is none. */
  readonly effective?: string;
  /** The tests that fail, each with the dormant grant that causes it, if there is one. */
  readonly missing: readonly { readonly test: string; readonly because?: DormantGrant<S> }[];
  readonly sentence: string;
}

/** A node of an explanation. */
export interface TestNode<S extends Schema = AnySchema> {
  readonly kind: "all" | "any" | "not" | "test";
  readonly verdict: Verdict;
  readonly id?: string;
  /** In change rules: whose value is tested, if it is not that of the result. */
  readonly whose?: "actor" | "before" | "after";
  /** The test in the notation of the policy. */
  readonly needed?: string;
  /** The value that the subject has; absent if there is none. */
  readonly held?: string;
  readonly because?: DormantGrant<S>;
  readonly children?: readonly TestNode<S>[];
}

/** A small change that would have allowed an operation. */
export interface NearMiss<S extends Schema = AnySchema> {
  readonly change: Change<S>;
  /** The cost, as in {@link Fix.cost}. */
  readonly cost: number;
}

/** Why an operation is allowed, denied or undecided. */
export interface Explanation<S extends Schema = AnySchema> {
  readonly operation: OperationId<S>;
  readonly decision: Decision;
  readonly obligations: readonly ObligationId<S>[];
  readonly tree: TestNode<S>;
  /**
   * Of an allowed operation: the smallest set of grants and known facts that suffices, apart from restricting ones. Else: the ids
   * that the reasons name.
   */
  readonly decisive: readonly (PrivilegeId<S> | FactId<S>)[];
  /** Of an allowed operation: the other grants that it reads; all of them could be removed. */
  readonly redundant: readonly PrivilegeId<S>[];
  /** Of an operation that is not allowed: changes that would allow it, in order of cost. */
  readonly nearMisses: readonly NearMiss<S>[];
  /** The unknown facts on which the decision depends. */
  readonly facts: readonly FactId<S>[];
  readonly inferred: readonly Source[];
  /** The stable code. */
  readonly code: "allowed" | "allowed-with-obligations" | "denied" | "undecided";
  /** The arguments of the sentence. */
  readonly args: object;
  readonly sentence: string;
}

/** The effects of a change. */
export interface Preview<S extends Schema = AnySchema> {
  /** Operations that become allowed, in policy order, without those that restrict. */
  readonly gained: readonly OperationId<S>[];
  /** Operations that are no longer allowed. */
  readonly lost: readonly OperationId<S>[];
  /** Menu items that become shown, and items that are no longer shown. */
  readonly menu: { readonly shown: readonly MenuItemId<S>[]; readonly hidden: readonly MenuItemId<S>[] };
  /** Obligations that become owed, and obligations that are no longer owed. */
  readonly obligations: { readonly added: readonly Owed<S>[]; readonly removed: readonly Owed<S>[] };
  /**
   * Dormant grants that exist only after the change, and only before it. A dormant grant whose granted or effective value changes is
   * in both lists.
   */
  readonly dormant: { readonly added: readonly DormantGrant<S>[]; readonly removed: readonly DormantGrant<S>[] };
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

/** One assignment of a fix. */
export type FixStep<S extends Schema = AnySchema> =
  | {
      /** `raise`: a smaller value is held already. `revoke`: a smaller value, or none, is held afterwards. */
      readonly kind: "grant" | "raise" | "revoke";
      readonly id: PrivilegeId<S>;
      readonly from?: GrantValue;
      readonly to?: GrantValue;
    }
  | {
      /** `learn`: the fact is unknown and must have this value. `switch`: the fact is known and must change. */
      readonly kind: "switch" | "learn";
      readonly id: FactId<S>;
      readonly from?: FactValue;
      readonly to?: FactValue;
      /** An administrator cannot grant a fact. */
      readonly somebodyElse: true;
    }
  | {
      readonly kind: "role";
      readonly id: RoleId<S>;
      /** Whether the role is listed before and after. */
      readonly from?: boolean;
      readonly to?: boolean;
      /** The grants of the role that the fix does not need. */
      readonly excess: Grants<S>;
    };

/** A change of least cost that reaches the decision. */
export interface Fix<S extends Schema = AnySchema> {
  readonly change: Change<S>;
  /** The sum over the assigned ids: a privilege costs its `cost`, a fact 100, a role the sum over the grants that it adds or removes. */
  readonly cost: number;
  readonly steps: readonly FixStep<S>[];
  /** All effects of the change, the intended one included. */
  readonly sideEffects: Preview<S>;
  readonly sentence: string;
}

/** The fixes of least cost. */
export interface FixResult<S extends Schema = AnySchema> {
  readonly fixes: readonly Fix<S>[];
  /** Whether all fixes of least cost are included. */
  readonly complete: boolean;
  /** Whether it is proved that there is no fix of lower cost. */
  readonly minimal: boolean;
  /** The limit that stopped the search, if one did. */
  readonly stoppedBy?: string;
  /** If there is no fix: the frozen ids that prevent one. */
  readonly blockedBy: readonly (PrivilegeId<S> | FactId<S> | RoleId<S>)[];
}

/** Existing roles, compared with the necessary grants. */
export interface NearestRoles<S extends Schema = AnySchema> {
  /** One role or a pair. */
  readonly roles: readonly RoleId<S>[];
  /** Necessary grants that the roles do not have. */
  readonly missing: Grants<S>;
  /** Grants of the roles that are not necessary. */
  readonly excess: Grants<S>;
}

/** The smallest sets of grants that allow a set of operations. */
export interface LeastPrivilege<S extends Schema = AnySchema> extends FixResult<S> {
  /** In order of distance, the nearest first. */
  readonly nearestRoles: readonly NearestRoles<S>[];
}

/** The actors of a guide: one session for all steps, or a session for each `who` of its steps. */
export type Actors<S extends Schema = AnySchema> = Session<S> | { readonly [who: string]: Session<S> };

/** The state of a step of a guide. */
export interface GuideStep<S extends Schema = AnySchema> {
  readonly id: string;
  readonly label: string;
  /** `ready`: all earlier steps are done, and its actor is allowed its operation. */
  readonly state: "done" | "ready" | "blocked";
  readonly who?: string;
  /** The earlier steps that are not done; empty for a step that is done. */
  readonly waitsFor: readonly string[];
  /** Why its operation is not allowed to its actor, if the step is not done. */
  readonly explanation?: Explanation<S>;
  /** The fixes that allow its operation to its actor; present with `explanation`. */
  readonly fixes?: FixResult<S>;
}

/** The kinds of changes to which change rules apply. */
export type ChangeKind = "privileges" | "roles" | "facts" | "create" | "delete" | "role-definition" | "result";

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
}

/** The result of a review. */
export interface Review<S extends Schema = AnySchema> {
  /** `yes` if every applicable rule holds, `no` if one surely fails; treat `unknown` as a refusal. */
  readonly allowed: Verdict;
  /** The applicable rules that do not surely hold, in policy order. */
  readonly broken: readonly {
    readonly rule: string;
    readonly label: string;
    /** Its `operation` is the id of the rule; its decision is `undecided` if the rule depends on an unknown fact. */
    readonly explanation: Explanation<S>;
  }[];
}

/** The subject of an impact query. */
export type ImpactTarget<S extends Schema = AnySchema> =
  | { readonly [P in PrivilegeId<S>]: { readonly privilege: P; readonly value?: S["grantValues"][P] } }[PrivilegeId<S>]
  | { readonly [F in FactId<S>]: { readonly fact: F; readonly value?: S["factValues"][F] } }[FactId<S>]
  | { readonly role: RoleId<S> }
  | { readonly operation: OperationId<S> };

/** The effects of a privilege, fact, role or operation over all possible subjects; in policy order. */
export interface Impact<S extends Schema = AnySchema> {
  /**
   * Operations that some subject is allowed with it and not without it. Of an operation: operations that every subject is allowed
   * who is allowed it.
   */
  readonly unlocks: readonly OperationId<S>[];
  /**
   * Operations that some subject is allowed without it and not with it. Of an operation: operations that no subject is allowed who
   * is allowed it.
   */
  readonly takesAway: readonly OperationId<S>[];
  /** Privileges without which it has no effect; of an operation, without which it is never allowed. */
  readonly needed: readonly PrivilegeId<S>[];
  /** Operations that no subject is allowed without it. */
  readonly soleWayTo: readonly OperationId<S>[];
  /** Operations whose analysis exceeded a limit; they are in none of the other lists. */
  readonly unanswered?: readonly OperationId<S>[];
}

/** A decision on which two versions of a policy differ for some subject. */
export interface Difference<S extends Schema = AnySchema> {
  /** The operation, or the privilege with the changed requirement. */
  readonly id: string;
  readonly kind: "operation" | "requires" | "obligation";
  readonly obligation?: string;
  /** The level or option with the changed requirement. */
  readonly level?: string;
  /** The smallest subject for which they differ, in the ids of the later version. */
  readonly witness: Subject<S>;
  /**
   * The decision of the earlier version for the witness: of a requirement, whether the grant has an effect; of an obligation, whether
   * the operation is allowed.
   */
  readonly before: Decision;
  /** The decision of the later version for the witness. */
  readonly after: Decision;
  /** Of an obligation: true if only the later version owes it, false if only the earlier version does. */
  readonly owed?: boolean;
}

/** The semantic differences between two versions of a policy. */
export interface PolicyDifference<S extends Schema = AnySchema> {
  /** Ids that only the later version has; a level or option as `privilege/level`. */
  readonly added: readonly string[];
  /** Ids that only the earlier version has. */
  readonly removed: readonly string[];
  /** New ids by the old ids that the later version declares as renamed. */
  readonly renamed: { readonly [old: string]: string };
  /** The different decisions; differences of notation are ignored. */
  readonly changed: readonly Difference<S>[];
  /** Ids whose comparison exceeded a limit: they may have changed. */
  readonly unanswered?: readonly string[];
}
