// Generated from the Rust types by `PRIVET_BLESS=1 cargo test --test it typescript`. Do not edit.
import type {
  AnySchema,
  Change,
  Decision,
  FactId,
  FactValue,
  From,
  Grants,
  GrantValue,
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

/** A byte range, end exclusive, with the line and column of its start. */
export type Location = {
  /** The offset of the first byte. */
  readonly start: number;
  /** The offset after the last byte. */
  readonly end: number;
  /** The line of the start, from 1. */
  readonly line: number;
  /** The column of the start in characters (Unicode scalar values), from 1. */
  readonly column: number;
};

/** Whether a diagnostic prevents compiling. */
export type Severity = "error" | "warning";

/** Another location that explains a diagnostic. */
export type Related = {
  /** What is at that location. */
  readonly message: string;
  /** The included file, by the name in `include`; absent for the first file. */
  readonly file?: string;
  /** Where, as a JSON pointer. */
  readonly pointer: string;
  /** Where in the text, when there is a text. */
  readonly span?: Location;
};

/** One error or warning about a document. */
export type Diagnostic = {
  /** The stable code. */
  readonly code: string;
  /** Whether it prevents compiling. */
  readonly severity: Severity;
  /** What is wrong: lower case, words of the document in backticks. */
  readonly message: string;
  /** How to fix it. */
  readonly help?: string;
  /** The included file that it is about, by the name in `include`; absent for the first file. */
  readonly file?: string;
  /** Where in the file, as a JSON pointer. */
  readonly pointer: string;
  /** Where, with ids in place of the indices of the pointer: `/operations/phones.copy/requires`. It is the same after changes elsewhere in the document, so it is what `allow` entries name in `at`. */
  readonly place: string;
  /** Where in the text, when there is a text. */
  readonly span?: Location;
  /** Other locations that explain it. */
  readonly related?: ReadonlyArray<Related>;
};

/** A range of bytes in a file, end exclusive. */
export type SymbolPlace = {
  /** The included file, by its name in `include`; absent for the first file. */
  readonly file?: string;
  /** The offset of the first byte. */
  readonly start: number;
  /** The offset after the last byte. */
  readonly end: number;
};

/** Where an id is declared. */
export type SymbolDeclaration = {
  /** The id, without its quotes. */
  readonly id: SymbolPlace;
  /** The whole entry. */
  readonly entry: SymbolPlace;
};

/** What an id names. */
export type SymbolKind = "fact" | "condition" | "privilege" | "role" | "menu-item" | "operation" | "verb" | "level" | "option" | "obligation" | "guide" | "step" | "change-rule" | "unknown";

/** An id with its places. */
export type IndexedSymbol = {
  /** The id. */
  readonly id: string;
  /** What it is. Of an id that is not declared: what it is used as. */
  readonly kind: SymbolKind;
  /** Of a level or option, and of a step: the fact, privilege or guide to which it belongs. */
  readonly of?: string;
  /** The label. */
  readonly label?: string;
  /** The note, or where a fact is set. */
  readonly note?: string;
  /** Of a fact or privilege: the kind of its value, such as `level`. */
  readonly value?: string;
  /** The requirement as written: `requires`, `when` or `done`. */
  readonly requires?: string;
  /** Where it is declared: once in a correct document, but for obligations, which operations share. */
  readonly declared: ReadonlyArray<SymbolDeclaration>;
  /** Where it is used. */
  readonly uses: ReadonlyArray<SymbolPlace>;
};

/** The ids of a document, each with the places where it is declared and used. */
export type DocumentIndex = {
  /** First those that are declared, in the order of the document; then those that are only used. */
  readonly symbols: ReadonlyArray<IndexedSymbol>;
};

/** What a word names, or what may follow. */
export type WordRole = "operand" | "value" | "operation" | "keyword" | "operator" | "connective" | "parenthesis" | "set";

/** A word of a requirement. */
export type RequirementWord = {
  /** The word, without `actor.`, `before.` and `after.`. */
  readonly text: string;
  /** The first byte in the requirement. */
  readonly start: number;
  /** The byte after the last one. */
  readonly end: number;
  /** What it names. */
  readonly role: WordRole;
  /** Of a value: the fact or privilege that is compared with it. */
  readonly of?: string;
};

/** What may follow at the end of a requirement. */
export type ExpectedWord = {
  /** What kind of word. */
  readonly role: WordRole;
  /** Of a value or operator: the fact or privilege that is compared. */
  readonly of?: string;
};

/** The words of a requirement, and what may follow at its end. */
export type RequirementWords = {
  /** The words in order, without operators and parentheses. */
  readonly words: ReadonlyArray<RequirementWord>;
  /** What may follow. */
  readonly next: ExpectedWord;
};

/** A source of a declaration. */
export type Source = {
  /** The name of the document that the declaration was taken from, such as a specification or a spreadsheet. */
  readonly document: string;
  /** The row in the document, from 1. */
  readonly row?: number;
  /** Whether the declaration is inferred from the document rather than stated in it. */
  readonly inferred?: boolean;
};

/** The kind of a fact's value. A fact may also be unknown. */
export type FactKind = "switch" | "number" | "choice" | "level";

/** The kind of value that a grant of a privilege has. */
export type PrivilegeKind = "flag" | "level" | "choice" | "set" | "number";

/** Where the product grants a privilege. */
export type GrantedThrough = "subject" | "role" | "both";

/** A kind of change. */
export type ChangeKind = "privileges" | "roles" | "facts" | "create" | "delete" | "role-definition" | "result";

/** What of a change must lie within the authority of the actor: of the subject who makes it. */
export type Within = "actor" | "actor-all" | "actor-opens";

/** The right side of a test: a level, a number, or a value of another subject. */
export type RequirementValue = string | number | { readonly whose: 'actor' | 'before' | 'after' | null, readonly id: string };

/** A test. */
export type RequirementTest = {
  readonly test: 'held' | 'on' | 'level' | 'option' | 'number' | 'is-set' | 'condition' | 'allowed' | 'against';
  readonly id: string;
  readonly op?: string;
  readonly value?: RequirementValue;
  readonly values?: ReadonlyArray<string>;
  /** In change rules: the subject whose value is tested, if it is not the subject after the change. */
  readonly whose?: 'actor' | 'before' | 'after';
  /** In residuals: the value of a fact that counts where it is not given. */
  readonly absent?: FactValue;
};

/** The tree of a requirement. `true` is an `all` without children, `false` an `any` without children. `unknown` is only in residuals: it is unknown whatever the facts are. */
export type RequirementTree =
  | { readonly "kind": "all", readonly children: ReadonlyArray<RequirementTree> }
  | { readonly "kind": "any", readonly children: ReadonlyArray<RequirementTree> }
  | { readonly "kind": "not", readonly children: ReadonlyArray<RequirementTree> }
  | { readonly "kind": "test" } & RequirementTest
  | { readonly "kind": "unknown" };

/** A requirement as text and as a tree. */
export type Requirement = {
  readonly text: string;
  readonly tree: RequirementTree;
};

/** What remains of the requirement of an operation. See [`Studio::residual`]. */
export type Residual =
  | { readonly "kind": "always" }
  | { readonly "kind": "never" }
  | { readonly "kind": "requires", readonly text: string, readonly tree: RequirementTree }
  | { readonly "kind": "stopped", readonly stoppedBy: string };

/** A verb. */
export type VerbDescription<S extends Schema = AnySchema> = {
  readonly id: VerbId<S>;
  readonly label: string;
};

/** An option of a fact or privilege. */
export type OptionDescription = {
  readonly id: string;
  readonly label: string;
};

/** A fact. */
export type FactDescription<S extends Schema = AnySchema> = {
  readonly id: FactId<S>;
  readonly kind: FactKind;
  readonly label: string;
  /** Where it is set. */
  readonly where?: string;
  /** Whether it is the same for everybody, or one person's. */
  readonly scope: 'installation' | 'subject';
  readonly options?: ReadonlyArray<OptionDescription>;
  /** Lowest first. */
  readonly levels?: ReadonlyArray<OptionDescription>;
  /** The value that the product ships with; documentation only. */
  readonly default?: FactValue;
  /** The value of the fact when a subject does not give it. */
  readonly absent?: FactValue;
  readonly note?: string;
};

/** A condition. */
export type ConditionDescription = {
  readonly id: string;
  readonly label: string;
  readonly requires: Requirement;
  readonly note?: string;
};

/** A level of a privilege, lowest first. */
export type LevelDescription = {
  readonly id: string;
  readonly label: string;
  readonly requires?: Requirement;
};

/** A privilege. */
export type PrivilegeDescription<S extends Schema = AnySchema> = {
  readonly id: PrivilegeId<S>;
  readonly kind: PrivilegeKind;
  readonly label: string;
  readonly group: string;
  /** What must hold for a grant to have an effect. */
  readonly requires?: Requirement;
  readonly levels?: ReadonlyArray<LevelDescription>;
  readonly options?: ReadonlyArray<OptionDescription>;
  /** Whether it takes something away: it is never proposed as something to grant. */
  readonly restricting: boolean;
  readonly unit?: string;
  readonly min?: number;
  readonly max?: number;
  /** The cost in fixes. */
  readonly cost?: number;
  /** Where the product grants it. */
  readonly grantedThrough?: 'subject' | 'role' | 'both';
  readonly note?: string;
  /** Data of the product, which is not interpreted. */
  readonly meta?: unknown;
  readonly sources: readonly Source[];
};

/** A role. */
export type RoleDescription<S extends Schema = AnySchema> = {
  readonly id: RoleId<S>;
  readonly label: string;
  /** Its grants, with those that it inherits. */
  readonly grants: Grants<S>;
  /** The roles whose grants it has as well. */
  readonly inherits?: readonly RoleId<S>[];
  /** The facts with which the role is held without being listed. */
  readonly when?: Requirement;
  /** Data of the product, which is not interpreted. */
  readonly meta?: unknown;
  /** Present if the role is an example, not shipped with the product. */
  readonly inferred?: boolean;
};

/** A menu item. */
export type MenuItemDescription<S extends Schema = AnySchema> = {
  readonly id: MenuItemId<S>;
  readonly label: string;
  readonly parent?: MenuItemId<S>;
  /** Data of the product, which is not interpreted. */
  readonly meta?: unknown;
};

/** A menu item on the path of an operation. */
export type MenuStep<S extends Schema = AnySchema> = {
  readonly id: MenuItemId<S>;
  readonly label: string;
};

/** An obligation of an operation. */
export type ObligationDescription<S extends Schema = AnySchema> = {
  readonly id: ObligationId<S>;
  readonly label: string;
  readonly when: Requirement;
};

/** An operation. */
export type OperationDescription<S extends Schema = AnySchema> = {
  readonly id: OperationId<S>;
  readonly label: string;
  readonly requires: Requirement;
  readonly section: string;
  /** The paths of its menu items, root first. */
  readonly menu: ReadonlyArray<ReadonlyArray<MenuStep<S>>>;
  readonly verbs: readonly VerbId<S>[];
  readonly obligations: ReadonlyArray<ObligationDescription<S>>;
  /** Whether it stands for a restriction: it shows no menu item and is not listed as allowed. */
  readonly restricts: boolean;
  readonly note?: string;
  /** Data of the product, which is not interpreted. */
  readonly meta?: unknown;
  readonly sources: readonly Source[];
};

/** A step of a guide, as the policy declares it. */
export type GuideStepDescription<S extends Schema = AnySchema> = {
  readonly id: string;
  readonly label: string;
  readonly done: Requirement;
  readonly operation?: OperationId<S>;
  /** The actor who takes the step. */
  readonly who?: string;
  /** The actor whose session `done` is evaluated for, if it is not the one who takes the step. */
  readonly of?: string;
};

/** A guide. */
export type GuideDescription<S extends Schema = AnySchema> = {
  readonly id: GuideId<S>;
  readonly label: string;
  readonly steps: ReadonlyArray<GuideStepDescription<S>>;
};

/** A rule for changes of subjects: which changes it concerns, and what must hold for the actor to make them. */
export type ChangeRuleDescription = {
  readonly id: string;
  readonly label: string;
  readonly on: ReadonlyArray<ChangeKind>;
  readonly requires: Requirement;
  /** The privileges, roles or facts that the rule is limited to. */
  readonly of?: ReadonlyArray<string>;
  /** The change may add only grants that the actor holds. */
  readonly within?: 'actor';
  readonly sources?: ReadonlyArray<Source>;
};

/** The contents of a policy: ids, labels, kinds, menu paths from the root, requirements as text and as a tree, sources. */
export type PolicyDescription<S extends Schema = AnySchema> = {
  readonly id: string;
  readonly title: string;
  readonly version: string;
  /** SHA-256 of the canonical document, in hexadecimal. */
  readonly fingerprint: string;
  readonly verbs: ReadonlyArray<VerbDescription<S>>;
  readonly facts: ReadonlyArray<FactDescription<S>>;
  readonly conditions: ReadonlyArray<ConditionDescription>;
  readonly privileges: ReadonlyArray<PrivilegeDescription<S>>;
  readonly roles: ReadonlyArray<RoleDescription<S>>;
  readonly menu: ReadonlyArray<MenuItemDescription<S>>;
  readonly operations: ReadonlyArray<OperationDescription<S>>;
  readonly guides: ReadonlyArray<GuideDescription<S>>;
  readonly changeRules: ReadonlyArray<ChangeRuleDescription>;
  /** Present ids by the ids of earlier versions. */
  readonly renamed: { readonly [old: string]: string };
};

/** The items that a change adds and removes, each in policy order. */
export type Delta<T> = {
  /** The items that exist only after the change. */
  readonly added: ReadonlyArray<T>;
  /** The items that exist only before the change. */
  readonly removed: ReadonlyArray<T>;
};

/** A test that fails. */
export type Missing<S extends Schema = AnySchema> = {
  /** The test in the notation of the policy. */
  readonly test: string;
  /** The dormant grant that makes the test fail, if there is one. */
  readonly because?: DormantGrant<S>;
};

/** A grant that is known to have no effect, or a level whose upper part has none. */
export type DormantGrant<S extends Schema = AnySchema> = {
  /** The privilege. */
  readonly privilege: PrivilegeId<S>;
  /** The value that is surely granted, in the notation of the policy: `true`, ids, or a number. */
  readonly granted: string;
  /** The lower level that has an effect, or `undecided`; absent if there is none. */
  readonly effective?: string;
  /** Who gives it. */
  readonly from: From<S>;
  /** The tests that fail. */
  readonly missing: ReadonlyArray<Missing<S>>;
  /** The explanation in words. */
  readonly sentence: string;
};

/** The kind of a node of an explanation. */
export type NodeKind = "all" | "any" | "not" | "test";

/** A node of an explanation. */
export type TestNode<S extends Schema = AnySchema> = {
  /** The kind of the node. */
  readonly kind: NodeKind;
  /** Whether the node holds. */
  readonly verdict: Verdict;
  /** The id of the fact, privilege or operation that a test reads. */
  readonly id?: string;
  /** In change rules: whose value is tested (`actor`, `before` or `after`), if it is not that of the subject after the change. */
  readonly whose?: 'actor' | 'before' | 'after';
  /** The test or negation in the notation of the policy. */
  readonly needed?: string;
  /** The value that the subject has: the effective value of a privilege, or `on`, `off`, `unknown` or the value of a fact; absent if there is none. */
  readonly held?: string;
  /** Who gives the value of the privilege that the test reads; absent if nobody does. */
  readonly from?: From<S>;
  /** If the grant that the test reads is dormant and the test fails: why it is dormant. With its effect, it would pass the test, or would still be too little. */
  readonly because?: DormantGrant<S>;
  /** The parts; of a test on another operation, the requirement of that operation. */
  readonly children?: ReadonlyArray<TestNode<S>>;
};

/** A change that would allow an operation and from which nothing can be left out. */
export type NearMiss<S extends Schema = AnySchema> = {
  /** The change. */
  readonly change: Change<S>;
  /** The cost, as that of a fix. */
  readonly cost: number;
};

/** A role that gives a value. */
export type Through = {
  /** The label of the role; of an inline role, its number from 1 in words. */
  readonly label: string;
  /** Of a role that is not listed: why its `when` holds. */
  readonly reasons?: ReadonlyArray<Reason>;
};

/** A test that determines the decision. */
export type Reason = {
  /** The stable code: `granted`, `not-granted`, `dormant`, `on`, `off`, `too-low`, `too-high`, `value`, `other-value`, `set`, `not-set`, `included`, `not-included`, `allowed`, `denied`, `met`, `not-met` or `unknown`. */
  readonly code: string;
  /** The id of the fact, privilege or operation. */
  readonly id: string;
  /** Its label. */
  readonly label: string;
  /** In change rules: whose value is tested (`actor`, `before` or `after`), if it is not that of the subject after the change. */
  readonly whose?: 'actor' | 'before' | 'after';
  /** The needed value, in labels. */
  readonly needed: string;
  /** The held value, in labels; empty if there is none. */
  readonly held: string;
  /** If the test is an alternative of an `or`: the number of that `or`. Of the reasons with the same number, fixing one is enough. */
  readonly alternative?: number;
  /** The place where the fact is set. */
  readonly place?: string;
  /** The roles that give the value, if the subject does not give it itself. */
  readonly through?: ReadonlyArray<Through>;
  /** Of a dormant grant, in words: what has no effect, and why. If the test would fail with its effect, too: only why it has none. */
  readonly because?: string;
};

/** The arguments of a sentence, for translations. */
export type Arguments = {
  /** The label of the operation or change rule. */
  readonly label: string;
  /** The tests that determine the decision: if it is allowed, those that hold; if denied, those that fail; if undecided, those that are unknown. */
  readonly reasons: ReadonlyArray<Reason>;
  /** The labels of the obligations that are owed. */
  readonly obligations: ReadonlyArray<string>;
};

/** Why an operation is allowed, denied or undecided; in a review, why a change rule does not hold. */
export type Explanation<S extends Schema = AnySchema> = {
  /** The id of the operation or change rule. */
  readonly operation: OperationId<S>;
  /** The decision of the session: `allowed`, `denied` or `undecided`. */
  readonly decision: Decision;
  /** The obligations that are owed. */
  readonly obligations: readonly ObligationId<S>[];
  /** The requirement with the verdict on each test. */
  readonly tree: TestNode<S>;
  /** Privileges and facts that decide, in policy order, facts first. Of an allowed operation: the set of held privileges and known facts that suffices and costs least, as in fixes, whichever of the others are taken away; of several, the first in policy order. If the analysis exceeds a limit: all that it reads. Of an operation that is not allowed: those that the reasons name, those of other operations included. */
  readonly decisive: readonly (PrivilegeId<S> | FactId<S>)[];
  /** Of an allowed operation: the other held privileges that it reads; all of them can be taken away together. */
  readonly redundant: readonly PrivilegeId<S>[];
  /** Of an operation that is not allowed: changes that would allow it and from which nothing can be left out, in order of cost; at most five. */
  readonly nearMisses: ReadonlyArray<NearMiss<S>>;
  /** The unknown facts on which the decision depends, and the known facts by which a role is held that gives what the reasons name; in policy order. */
  readonly facts: readonly FactId<S>[];
  /** The sources that imply the operation without stating it. */
  readonly inferred: ReadonlyArray<Source>;
  /** The stable code: the decision, or `allowed-with-obligations`. */
  readonly code: 'allowed' | 'allowed-with-obligations' | 'denied' | 'undecided';
  /** The arguments of the sentence. */
  readonly args: Arguments;
  /** The explanation in words. */
  readonly sentence: string;
};

/** The menu items that a change shows and hides. */
export type MenuChanges<S extends Schema = AnySchema> = {
  /** Items that become shown. */
  readonly shown: readonly MenuItemId<S>[];
  /** Items that are no longer shown. */
  readonly hidden: readonly MenuItemId<S>[];
};

/** The effects of a change. All lists are in policy order. */
export type Preview<S extends Schema = AnySchema> = {
  /** Operations that become allowed, without those that restrict. */
  readonly gained: readonly OperationId<S>[];
  /** Operations that are no longer allowed, without those that restrict. */
  readonly lost: readonly OperationId<S>[];
  /** Menu items that become shown, and items that are no longer shown. */
  readonly menu: MenuChanges<S>;
  /** Obligations that become owed, and obligations that are no longer owed. */
  readonly obligations: Delta<Owed<S>>;
  /** Dormant grants that exist only after the change, and only before it. A dormant grant whose granted or effective value changes is in both lists. */
  readonly dormant: Delta<DormantGrant<S>>;
};

/** An assignment to a privilege. */
export type GrantStep<S extends Schema = AnySchema> = {
  /** The privilege. */
  readonly id: PrivilegeId<S>;
  /** What is granted now; absent if nothing is. */
  readonly from?: GrantValue;
  /** The subject's own grant after the fix, or that of the inline role; absent if there is none. */
  readonly to?: GrantValue;
  /** The place of the inline role that grants it, from 0; absent for a grant of the subject itself. `from` and `to` are then what this role grants. */
  readonly index?: number;
  /** The name of the inline role, if it has one. */
  readonly name?: string;
};

/** An assignment to a fact. */
export type FactStep<S extends Schema = AnySchema> = {
  /** The fact. */
  readonly id: FactId<S>;
  /** The present value; absent if it is unknown. */
  readonly from?: FactValue;
  /** The necessary value; absent if the fact has to become unknown. */
  readonly to?: FactValue;
  /** Always `true`: an administrator cannot grant a fact, someone else has to switch it. */
  readonly somebodyElse: true;
};

/** Adding or removing a listed role. */
export type RoleStep<S extends Schema = AnySchema> = {
  /** The role. */
  readonly id: RoleId<S>;
  /** `true` if the role is listed now; otherwise absent. */
  readonly from?: boolean;
  /** `true` if the role is listed after the fix; otherwise absent. */
  readonly to?: boolean;
  /** The grants of the role that the fix does not need. */
  readonly excess: Grants<S>;
};

/** One assignment of a fix, by its kind. */
export type FixStep<S extends Schema = AnySchema> =
  | { readonly "kind": "grant" } & GrantStep<S>
  | { readonly "kind": "raise" } & GrantStep<S>
  | { readonly "kind": "revoke" } & GrantStep<S>
  | { readonly "kind": "role" } & RoleStep<S>
  | { readonly "kind": "learn" } & FactStep<S>
  | { readonly "kind": "switch" } & FactStep<S>;

/** A change of least cost that reaches the decision. */
export type Fix<S extends Schema = AnySchema> = {
  /** The change. The session accepts it. */
  readonly change: Change<S>;
  /** The sum over the assigned ids: a privilege costs its `cost`, a fact 100, a role the sum over the privileges that it adds or removes. */
  readonly cost: number;
  /** The assignments of the change. */
  readonly steps: ReadonlyArray<FixStep<S>>;
  /** The operations that become allowed besides those asked for, in policy order, without those that restrict. */
  readonly opens: readonly OperationId<S>[];
  /** The operations that are no longer allowed besides those asked for, in policy order, without those that restrict. */
  readonly closes: readonly OperationId<S>[];
  /** All effects of the change, the intended one included. */
  readonly sideEffects: Preview<S>;
  /** The steps in English, and what else the change opens; to deny an operation, what else it closes. */
  readonly sentence: string;
};

/** The fixes of least cost. */
export type FixResult<S extends Schema = AnySchema> = {
  /** The fixes, each verified by evaluating the changed session. Those that open the fewest other operations come first (to deny an operation: close the fewest), then those of ids and values that come first in the policy. */
  readonly fixes: ReadonlyArray<Fix<S>>;
  /** Whether all fixes of least cost are included. */
  readonly complete: boolean;
  /** Whether it is proved that there is no fix of lower cost. */
  readonly minimal: boolean;
  /** The limit that stopped the search, if one did. */
  readonly stoppedBy?: string;
  /** If there is no fix: the ids that would have to change and may not. They are frozen, or privileges that are granted only through roles, where no role grants enough. */
  readonly blockedBy: readonly (PrivilegeId<S> | FactId<S> | RoleId<S>)[];
  /** If there is no fix: why, in English. */
  readonly sentence?: string;
};

/** Existing roles, compared with the necessary grants. */
export type NearestRoles<S extends Schema = AnySchema> = {
  /** One role or a pair. */
  readonly roles: readonly RoleId<S>[];
  /** Necessary grants that the roles do not have. */
  readonly missing: Grants<S>;
  /** Grants of the roles that are not necessary. */
  readonly excess: Grants<S>;
};

/** The smallest sets of grants that allow a set of operations. */
export type LeastPrivilege<S extends Schema = AnySchema> = {
  /** Roles and pairs of roles that give a part of the necessary grants, ordered by the cost of what is missing, then of the excess; at most [`NEAREST`]. */
  readonly nearestRoles: ReadonlyArray<NearestRoles<S>>;
  /** The fixes, each verified by evaluating the changed session. Those that open the fewest other operations come first (to deny an operation: close the fewest), then those of ids and values that come first in the policy. */
  readonly fixes: ReadonlyArray<Fix<S>>;
  /** Whether all fixes of least cost are included. */
  readonly complete: boolean;
  /** Whether it is proved that there is no fix of lower cost. */
  readonly minimal: boolean;
  /** The limit that stopped the search, if one did. */
  readonly stoppedBy?: string;
  /** If there is no fix: the ids that would have to change and may not. They are frozen, or privileges that are granted only through roles, where no role grants enough. */
  readonly blockedBy: readonly (PrivilegeId<S> | FactId<S> | RoleId<S>)[];
  /** If there is no fix: why, in English. */
  readonly sentence?: string;
};

/** The state of a step. */
export type StepState = "done" | "ready" | "blocked";

/** The state of a step of a guide. */
export type GuideStep<S extends Schema = AnySchema> = {
  /** The id of the step. */
  readonly id: string;
  /** The label of the step. */
  readonly label: string;
  /** The state of the step. */
  readonly state: StepState;
  /** The actor of the step. */
  readonly who?: string;
  /** The earlier steps that are not done; empty for a step that is done. */
  readonly waitsFor: ReadonlyArray<string>;
  /** Why the operation of the step is not allowed to its actor, if the step is not done. */
  readonly explanation?: Explanation<S>;
  /** The fixes that allow the operation to its actor; present with `explanation`. */
  readonly fixes?: FixResult<S>;
};

/** A change rule that fails or is unknown. */
export type BrokenRule<S extends Schema = AnySchema> = {
  /** The id of the rule. */
  readonly rule: string;
  /** The label of the rule. */
  readonly label: string;
  /** Why it does not hold. The decision is `denied`, or `undecided` if the rule depends on an unknown fact; `operation` is the id of the rule. */
  readonly explanation: Explanation<S>;
};

/** The result of a review. */
export type Review<S extends Schema = AnySchema> = {
  /** `yes` if every rule that applies holds, `no` if one fails. Treat `unknown` as a refusal. */
  readonly allowed: Verdict;
  /** The rules that apply and fail or are unknown, in policy order. */
  readonly broken: ReadonlyArray<BrokenRule<S>>;
  /** Which of the other people could make the change, as indices into `others`: first each who could alone, then each two of the rest who could together: every rule holds for one of them. Absent if no other people were given. */
  readonly together?: ReadonlyArray<ReadonlyArray<number>>;
};

/** The effects of a privilege, role, fact or operation over all possible subjects. All lists are in policy order. */
export type Impact<S extends Schema = AnySchema> = {
  /** Operations that are allowed to some subject with the target, and not allowed to the same subject without it. If the target is an operation: operations that are allowed to every subject to whom the target is allowed. */
  readonly unlocks: readonly OperationId<S>[];
  /** Operations that are allowed to some subject without the target, and not allowed to the same subject with it. If the target is an operation: operations that are allowed to no subject to whom the target is allowed. */
  readonly takesAway: readonly OperationId<S>[];
  /** Privileges without which the target has no effect; if the target is an operation, privileges without which it is never allowed. Exactly: those for which no possible subject would have it, if nobody held the privilege, whoever grants it (the subject, or a role that is listed or assumed by a fact). What merely comes together with it is not needed. */
  readonly needed: readonly PrivilegeId<S>[];
  /** Operations that are allowed to some subject, and only by the target. Of a privilege or role exactly: those that no possible subject would be allowed, if nobody held the privilege (or a value as large as the given one; of several options, one of them) or the role, whoever grants it and whatever makes the role held. Of a fact: those that read it and that no subject is allowed for whom it is unknown or has another value. Of a number: those for which this is so of any number and that no subject is allowed with another number. Of an operation: those that no subject is allowed who is not allowed the operation. */
  readonly soleWayTo: readonly OperationId<S>[];
  /** Operations whose analysis exceeded a limit. They are in none of the other lists. */
  readonly unanswered?: readonly OperationId<S>[];
};

/** The kind of a difference. */
export type DifferenceKind = "operation" | "requires" | "obligation" | "menu" | "verbs" | "restricts" | "role" | "label" | "values";

/** A decision that differs for some subject, or a declaration that differs. */
export type Difference<S extends Schema = AnySchema> = {
  /** The operation, the privilege with the changed requirement, the role, or what has the changed label. */
  readonly id: string;
  /** The kind of the difference. */
  readonly kind: DifferenceKind;
  /** The obligation, if the condition under which it is owed, or its label, has changed. */
  readonly obligation?: string;
  /** The level or option with the changed requirement or label. */
  readonly level?: string;
  /** The smallest subject for which the versions differ, in the ids of the later version. It has ids that exist in only one version only if there is no other witness; with an id that exists only in the earlier version, it uses the ids of that version. If the versions give different known answers to some subject, it is such a one. Absent for a difference of declarations. */
  readonly witness?: Subject<S>;
  /** The facts that the witness assumes to have some value. */
  readonly assumes: readonly FactId<S>[];
  /** With a witness: the decision of the earlier version for it; of a requirement, whether the grant has an effect; of an obligation, whether the operation is allowed; of a role, whether its `when` holds, as `allowed` or `denied`. Without one, what the earlier version declares: a label; menu items, the parent of a menu item, or verbs, as ids with `, ` between them; `true` or `false` for `restricts`; the grants of a role, as `desk: north, export`; values, as `number, 0 to 10` or `level: view, edit`. */
  readonly before: string;
  /** The same of the later version. */
  readonly after: string;
  /** Of an obligation: `true` if only the later version owes it, `false` if only the earlier version does. */
  readonly owed?: boolean;
};

/** The semantic differences between two versions of a policy. */
export type PolicyDifference<S extends Schema = AnySchema> = {
  /** Ids that only the later version has; a level or option as `privilege/level`. */
  readonly added: ReadonlyArray<string>;
  /** Ids that only the earlier version has. */
  readonly removed: ReadonlyArray<string>;
  /** New ids by the old ids that the later version declares as renamed. */
  readonly renamed: { readonly [old: string]: string };
  /** The decisions that differ for some subject, then what else the versions declare otherwise. */
  readonly changed: ReadonlyArray<Difference<S>>;
  /** Ids whose comparison exceeded a limit: they may have changed. */
  readonly unanswered?: readonly string[];
};
