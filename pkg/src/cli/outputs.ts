// What `--json` prints, by command. The published JSON Schema, `privet/cli.schema.json`, is generated from these types.
import type { Decision, Facts } from "../core/types.js";
import type { Diagnostic, Explanation, FixResult, PolicyDifference } from "../studio/types.js";

/** One object, printed by a command with `--json`. */
export type Output =
  | CheckOutput
  | BuildOutput
  | EmbedOutput
  | ExportOutput
  | DecideOutput
  | ExplainOutput
  | FixesOutput
  | MatrixOutput
  | DiffOutput
  | DocsOutput
  | FormatOutput
  | TestOutput
  | InitOutput
  | ErrorOutput;

/** Wrong usage, or a document that does not compile where a command needs a policy. */
export interface ErrorOutput {
  readonly command: "error";
  readonly error: {
    /** The stable code. */
    readonly code: string;
    readonly message: string;
    /** Of a document that does not compile. */
    readonly diagnostics?: readonly Diagnostic[];
  };
}

/** `privet check` */
export interface CheckOutput {
  readonly command: "check";
  readonly files: readonly { readonly file: string; readonly diagnostics: readonly Diagnostic[] }[];
  readonly errors: number;
  readonly warnings: number;
}

/** `privet build` and `privet types` */
export interface BuildOutput {
  readonly command: "build" | "types";
  readonly policy: PolicyName;
  /** The files that were written. */
  readonly written: readonly string[];
  /** The bytes of the pack. */
  readonly bytes: number;
  readonly warnings: readonly Diagnostic[];
}

/** `privet embed` */
export interface EmbedOutput {
  readonly command: "embed";
  readonly policy: PolicyName;
  /** The module that was written. */
  readonly written: readonly string[];
  /** The bytes of the module. */
  readonly bytes: number;
  /** Whether the policy in it is opened. */
  readonly isOpened: boolean;
  /** Whether it is a component. */
  readonly isComponent: boolean;
}

/** `privet export` */
export interface ExportOutput {
  readonly command: "export";
  readonly policy: PolicyName;
  readonly to: "cedar";
  /** The files that were written. */
  readonly written: readonly string[];
  /** The contents by name, where no folder is given. */
  readonly files?: { readonly [name: string]: string };
  /** What has no counterpart, and why. */
  readonly omitted: readonly { readonly kind: string; readonly id?: string; readonly reason: string }[];
  /** The people who cannot be evaluated, and those whose facts are not all known. */
  readonly errors: readonly { readonly name: string; readonly message: string }[];
}

/** Which policy it is. */
export interface PolicyName {
  readonly id: string;
  readonly version: string;
  readonly fingerprint: string;
}

/** `privet decide` */
export interface DecideOutput {
  readonly command: "decide";
  readonly policy: PolicyName;
  readonly operations: readonly {
    readonly operation: string;
    readonly decision: Decision;
    readonly obligations: readonly string[];
  }[];
  /** The menu items that are shown. */
  readonly shown: readonly string[];
}

/** `privet explain` */
export interface ExplainOutput {
  readonly command: "explain";
  readonly policy: PolicyName;
  readonly explanation: Explanation;
}

/** `privet fixes` */
export interface FixesOutput {
  readonly command: "fixes";
  readonly policy: PolicyName;
  readonly operation: string;
  readonly result: FixResult;
}

/** `privet matrix` */
export interface MatrixOutput {
  readonly command: "matrix";
  readonly policy: PolicyName;
  /** The operations, one for each column. */
  readonly operations: readonly string[];
  /** The decisions of each role or person, in the order of the operations. */
  readonly rows: readonly { readonly name: string; readonly decisions: readonly Decision[] }[];
  /** The people who cannot be evaluated. */
  readonly errors: readonly { readonly name: string; readonly message: string }[];
}

/** What somebody gains and loses between two versions of a policy. */
export interface Moves {
  readonly name: string;
  /** Operations that are allowed only after, and only before. */
  readonly gained: readonly string[];
  readonly lost: readonly string[];
  /** Operations that were denied and now depend on facts that are not given, and the reverse. */
  readonly mayGain: readonly string[];
  readonly mayLose: readonly string[];
  /** Menu items that are shown only after, and only before. */
  readonly shown: readonly string[];
  readonly hidden: readonly string[];
  /** Obligations that are owed only after, and only before, as `operation: obligation`. */
  readonly owed: readonly string[];
  readonly notOwed: readonly string[];
}

/** `privet diff` */
export interface DiffOutput {
  readonly command: "diff";
  readonly before: PolicyName;
  readonly after: PolicyName;
  readonly difference: PolicyDifference;
  /** Whether the later version refuses issued tokens of the earlier one as stale: the id of the policy, or what the values of tokens mean, differs. */
  readonly staleTokens: boolean;
  /** Roles with a difference. */
  readonly roles: readonly Moves[];
  /** People with a difference. */
  readonly people: readonly Moves[];
  /** The people who cannot be evaluated in one of the versions. */
  readonly errors: readonly { readonly name: string; readonly message: string }[];
}

/** `privet docs` */
export interface DocsOutput {
  readonly command: "docs";
  readonly policy: PolicyName;
  readonly written: readonly string[];
  /** The contents by name, where no folder is given. */
  readonly files?: { readonly [name: string]: string };
}

/** `privet format` */
export interface FormatOutput {
  readonly command: "format";
  /** The files whose format differs; without `--check` they were rewritten. */
  readonly changed: readonly string[];
  readonly unchanged: readonly string[];
}

/** The result of a case of a policy test. */
export interface CaseResult {
  readonly name: string;
  readonly passed: boolean;
  /** What differs from what the case expects. */
  readonly failures: readonly CaseFailure[];
}

/** A difference from what a case expects. */
export interface CaseFailure {
  /** The operation or menu item; absent if the subject itself is refused. */
  readonly id?: string;
  readonly expected: string;
  readonly actual: string;
  /** Why it is so. */
  readonly explanation?: string;
}

/** The result of a property. */
export interface PropertyResult {
  readonly name: string;
  /** `proved` for every possible subject; `false` with a witness; `unproved` where a limit was met or the result depends on unknown facts. */
  readonly verdict: "proved" | "false" | "unproved";
  readonly message: string;
  /** A subject for which it is false. */
  readonly witness?: WitnessSubject;
}

/** A subject as a file has it. */
export interface WitnessSubject {
  readonly roles?: readonly unknown[];
  readonly grants?: { readonly [privilege: string]: unknown };
  readonly facts?: Facts;
}

/** A test of a requirement that no case has seen true, or none has seen false. */
export interface Uncovered {
  /** Where: `operation orders.edit`, `privilege refund`, `obligation send/approval`. */
  readonly of: string;
  /** The test in the notation of the policy. */
  readonly test: string;
  readonly missing: boolean;
  /** A subject that would cover it. */
  readonly subject?: WitnessSubject;
}

/** Which tests of requirements the cases have seen true and false. */
export interface Coverage {
  /** Pairs of test and truth value that can be seen. */
  readonly total: number;
  readonly covered: number;
  readonly missing: readonly Uncovered[];
}

/** The result of one file of policy tests. */
export interface TestFileResult {
  readonly file: string;
  readonly policy: string;
  readonly cases: readonly CaseResult[];
  readonly properties: readonly PropertyResult[];
  readonly coverage: Coverage;
}

/** `privet test` */
export interface TestOutput {
  readonly command: "test";
  readonly files: readonly TestFileResult[];
  readonly passed: number;
  readonly failed: number;
}

/** `privet init` */
export interface InitOutput {
  readonly command: "init";
  readonly written: readonly string[];
  /** What has no counterpart in a policy, or was read with doubt. */
  readonly notes: readonly string[];
}
