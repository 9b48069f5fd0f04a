import { StudioEngine } from "../wasm/studio.js";
import type { DecisionRecord } from "./edge.js";
import { PolicyError } from "./errors.js";
import { Asked } from "./policy.js";
import type { Policy } from "./policy.js";
import type { Session } from "./session.js";
import type {
  AnySchema,
  FactId,
  FactValue,
  Grants,
  GuideId,
  MenuItemId,
  ObligationId,
  OperationId,
  Pack,
  PrivilegeId,
  RoleId,
  Schema,
  VerbId,
  Decision,
  Verdict,
} from "./types.js";

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
    })[];
  })[];
  readonly changeRules: readonly (Named & {
    readonly on: readonly string[];
    readonly of?: readonly string[];
    readonly requires: Requirement;
  })[];
  readonly renamed: { readonly [old: string]: string };
}

/** Why a grant has no effect. */
export interface DormantGrant {
  readonly privilege: string;
  readonly granted: string;
  readonly missing: readonly { readonly test: string; readonly because?: DormantGrant }[];
  readonly sentence: string;
}

/** A node of an explanation. */
export interface TestNode {
  readonly kind: "all" | "any" | "not" | "test";
  readonly verdict: Verdict;
  readonly id?: string;
  /** The test as the policy writes it. */
  readonly needed?: string;
  /** What there is; absent when nothing is. */
  readonly held?: string;
  readonly because?: DormantGrant;
  readonly children?: readonly TestNode[];
}

/** Why an operation is allowed, denied or undecided. */
export interface Explanation<S extends Schema = AnySchema> {
  readonly operation: OperationId<S>;
  readonly decision: Decision;
  readonly obligations: readonly ObligationId<S>[];
  readonly tree: TestNode;
  /** Unknown facts on which the decision rests. */
  readonly facts: readonly FactId<S>[];
  readonly inferred: readonly Source[];
  /** Stable. */
  readonly code: "allowed" | "allowed-with-obligations" | "denied" | "undecided";
  /** What the sentence is made of. */
  readonly args: object;
  readonly sentence: string;
}

/** Everything that is not deciding: loaded once, then synchronous. */
export class Studio {
  readonly #engine = new StudioEngine();
  readonly #asked = new WeakMap<Policy, Asked<StudioEngine>>();

  /** Everything that is wrong or doubtful in a document: JSON with comments, or an object. Never throws. */
  check(document: string | object): Diagnostic[] {
    try {
      return this.#engine.check(...text(document)) as Diagnostic[];
    } catch (thrown) {
      return refused(thrown).diagnostics as Diagnostic[];
    }
  }

  /**
   * Compiles a document.
   *
   * @throws PolicyError with every diagnostic, when an error is among them.
   */
  compile(document: string | object): Pack {
    try {
      return this.#engine.compile(...text(document));
    } catch (thrown) {
      throw refused(thrown);
    }
  }

  /** Diagnostics as a compiler prints them: the line, carets below it, help below that. */
  render(diagnostics: readonly Diagnostic[], text: string): string {
    return this.#engine.render(diagnostics, text);
  }

  /**
   * Everything that a policy says, as data.
   *
   * @throws InvalidPackError where the pack has no studio section.
   */
  describe<S extends Schema>(policy: Policy<S>): PolicyDescription<S> {
    return this.#of(policy).ask((engine, handle) => engine.describe(handle) as PolicyDescription<S>);
  }

  /**
   * Why an operation is allowed, denied or undecided. The tree is the requirement's, its verdicts the session's.
   *
   * @throws UnknownIdError; InvalidPackError where the pack has no studio section.
   */
  explain<S extends Schema>(session: Session<S>, operation: OperationId<S>): Explanation<S> {
    const asked = this.#of(session.policy);
    return asked.ask((engine, handle) => engine.explain(handle, session.state, String(operation)) as Explanation<S>);
  }

  /**
   * Why it was decided as a record of `privet/edge` says: from what was read, and nothing else.
   *
   * @throws TypeError for a record of another policy, or of another version; what {@link Studio.explain} throws.
   */
  explainRecord<S extends Schema>(policy: Policy<S>, record: DecisionRecord<S>): Explanation<S> {
    if (record.policy.fingerprint !== policy.fingerprint) {
      throw new TypeError("the record is of another policy or version; open the one whose fingerprint it names");
    }
    return this.explain(policy.session(record.inputs), record.operation);
  }

  #of<S extends Schema>(policy: Policy<S>): Asked<StudioEngine> {
    let asked = this.#asked.get(policy);
    if (!asked) this.#asked.set(policy, (asked = new Asked(this.#engine, policy.asked.pack)));
    return asked;
  }
}

/** Why there is no policy: the engine's diagnostics, or that the document is nothing that JSON can say. */
function refused(thrown: unknown): PolicyError {
  const { message, diagnostics } = thrown as { message: string; diagnostics?: Diagnostic[] };
  if (diagnostics) return new PolicyError(message, diagnostics);
  if (!(thrown instanceof TypeError)) throw thrown;
  const fault = "document cannot be written as JSON";
  const help = "pass text, or an object without rings and big integers";
  return new PolicyError(fault, [{ code: "syntax", severity: "error", message: fault, help, pointer: "" }]);
}

/** The text of a document, and whether the user wrote it, so that places in it mean something. */
function text(document: string | object): [text: string, spans: boolean] {
  return typeof document === "string" ? [document, true] : [JSON.stringify(document) ?? "", false];
}
