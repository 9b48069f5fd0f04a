import { StudioEngine } from "../wasm/studio.js";
import type { DecisionRecord } from "./edge.js";
import { InvalidOptionsError, InvalidSubjectError, PolicyError } from "./errors.js";
import { Policy } from "./policy.js";
import { Session } from "./session.js";
import { Asked, errorOf, wordsOf } from "./studio-asked.js";
import { drain, populate } from "./studio-population.js";
import type { PackedRows, Population, PopulationOptions } from "./studio-population.js";
import type {
  Actors,
  Diagnostic,
  DormantGrant,
  Explanation,
  FixOptions,
  FixResult,
  GuideStep,
  Impact,
  ImpactTarget,
  LeastPrivilege,
  PolicyDescription,
  PolicyDifference,
  Preview,
  Review,
  ReviewedChange,
} from "./studio-types.js";
import type { Change, GuideId, OperationId, Pack, Schema, Subject } from "./types.js";
import { wire } from "./wire.js";

const encoder = new TextEncoder();

/** Milliseconds of work at a time where the thread has other work. */
const TURN = 10;

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

  /**
   * Diagnostics as a compiler prints them: the line, carets below it, help below that.
   *
   * @throws InvalidOptionsError where they are not what `check` returned.
   */
  render(diagnostics: readonly Diagnostic[], text: string): string {
    try {
      return this.#engine.render(wire(diagnostics), text);
    } catch (thrown) {
      throw errorOf(thrown);
    }
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
    const asked = this.#of(policyOf(session));
    return asked.ask((engine, handle) => engine.explain(handle, wordsOf(session), String(operation)) as Explanation<S>);
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

  /**
   * All smallest changes after which an operation is allowed, or denied: exact, verified by deciding again, and with all
   * ties. Each assigned id costs once: a privilege its `cost`, a fact 100, a role the grants that it adds or takes.
   *
   * @throws UnknownIdError, InvalidOptionsError; InvalidPackError where the pack has no studio section.
   */
  fixes<S extends Schema>(session: Session<S>, operation: OperationId<S>, options: FixOptions<S> = {}): FixResult<S> {
    const said = wire(options);
    return this.#of(policyOf(session)).ask(
      (engine, handle) => engine.fixes(handle, wordsOf(session), String(operation), said) as FixResult<S>,
    );
  }

  /**
   * The smallest grants with which somebody who has nothing else is allowed all of the operations, with the facts that
   * this takes; and the roles and pairs of roles that come nearest.
   *
   * @throws UnknownIdError, InvalidOptionsError; InvalidPackError where the pack has no studio section.
   */
  leastPrivilege<S extends Schema>(
    policy: Policy<S>,
    operations: readonly OperationId<S>[],
    options: FixOptions<S> = {},
  ): LeastPrivilege<S> {
    if (!Array.isArray(operations))
      throw new InvalidOptionsError("invalid-options", "`operations` is no list; give a list of ids");
    const said = wire(options);
    return this.#of(policy).ask(
      (engine, handle) => engine.leastPrivilege(handle, operations.map(String), said) as LeastPrivilege<S>,
    );
  }

  /**
   * What a privilege, a level of it, a role, a fact or an operation opens, closes, needs, and is the only way to.
   *
   * @throws UnknownIdError, InvalidGrantError, InvalidFactError, InvalidOptionsError; InvalidPackError where the pack has
   * no studio section.
   */
  impact<S extends Schema>(policy: Policy<S>, target: ImpactTarget<S>): Impact<S> {
    const asked = wire(target);
    return this.#of(policy).ask((engine, handle) => engine.impact(handle, asked) as Impact<S>);
  }

  /**
   * What a later version of a policy means differently: for each operation, requirement and obligation the smallest
   * subject that tells the two apart. What only is written differently is equal.
   *
   * @throws InvalidPackError where a pack has no studio section.
   */
  compare<S extends Schema>(before: Policy<Schema>, after: Policy<S>): PolicyDifference<S> {
    const [early, late] = [this.#of(before), this.#of(after)];
    return early.ask((engine, handle) => late.ask((_, other) => engine.compare(handle, other) as PolicyDifference<S>));
  }

  /**
   * What a change would do: operations, menu items, obligations and dormant grants, before and after. The session stays
   * as it is.
   *
   * @throws what `session.with` throws; InvalidPackError where the pack has no studio section.
   */
  preview<S extends Schema>(session: Session<S>, change: Change<S>): Preview<S> {
    const asked = this.#of(policyOf(session));
    return asked.ask((engine, handle) => engine.preview(handle, wordsOf(session), wire(change)) as Preview<S>);
  }

  /**
   * Every grant that is known to have no effect, or of which the upper levels are known to have none, with what is
   * missing; in policy order. What is undecided is not dormant.
   *
   * @throws InvalidPackError where the pack has no studio section.
   */
  dormant<S extends Schema>(session: Session<S>): readonly DormantGrant<S>[] {
    return this.#of(policyOf(session)).ask(
      (engine, handle) => engine.dormant(handle, wordsOf(session)) as DormantGrant<S>[],
    );
  }

  /**
   * Resolves many subjects, or packed rows, in blocks: `onProgress` is called after each and may abort the `signal`. A
   * person that cannot be resolved is one of its `errors`; the others are decided.
   *
   * This keeps the thread until it is done; {@link populationAsync} does not.
   *
   * @throws the signal's reason; InvalidSubjectError for rows of another layout; InvalidPackError where the pack has no
   * studio section.
   */
  population<S extends Schema>(
    policy: Policy<S>,
    people: readonly Subject<S>[] | PackedRows,
    options: PopulationOptions = {},
  ): Population<S> {
    return drain(populate(this.#of(policy), policy, people, options));
  }

  /**
   * {@link population} for a page that stays alive meanwhile: gives way to other work about every 10 ms, so that progress
   * is painted and a click can abort the `signal`.
   *
   * @throws what {@link population} throws, as a rejection.
   */
  async populationAsync<S extends Schema>(
    policy: Policy<S>,
    people: readonly Subject<S>[] | PackedRows,
    options: PopulationOptions = {},
  ): Promise<Population<S>> {
    const steps = populate(this.#of(policy), policy, people, options);
    let since = performance.now();
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
      if (performance.now() - since < TURN) continue;
      await new Promise((resolve) => setTimeout(resolve));
      since = performance.now();
    }
  }

  /**
   * Whether somebody may make a change, by the policy's change rules, and which of them it breaks. Which rules apply
   * follows from what differs between before and after; `kind` says what does not.
   *
   * @throws InvalidSubjectError for a session of another policy or another kind, and what {@link Policy.session} throws.
   */
  review<S extends Schema>(policy: Policy<S>, change: ReviewedChange<S>): Review<S> {
    const { actor, before, after, kind } = change;
    const state = stateOf(policy, actor, "`actor`");
    const [old, result] = [wire(before), wire(after)];
    return this.#of(policy).ask((engine, handle) => {
      return engine.review(handle, state, old, result, kind === undefined ? undefined : String(kind)) as Review<S>;
    });
  }

  /**
   * How the steps of a guide stand: for one person who takes all of them, or for each by the name that the guide gives
   * them. Steps of people who are not given are neither done nor ready.
   *
   * @throws UnknownIdError for a guide that the policy lacks, or a name that the guide lacks; InvalidSubjectError for no
   * session, or sessions of different policies.
   */
  guide<S extends Schema>(actors: Actors<S>, guide: GuideId<S>): GuideStep<S>[] {
    const alone = actors instanceof Session;
    const names = alone ? undefined : Object.keys(actors);
    const sessions = alone ? [actors] : Object.values(actors);
    const policy = sessions[0]?.policy;
    if (!policy)
      throw new InvalidSubjectError(
        "invalid-subject",
        "no session is given; give one, or one for each name of the guide",
      );
    const states = sessions.map((session, index) => stateOf(policy, session, `\`${names?.[index] ?? "actors"}\``));
    const words = Uint32Array.from(states.flatMap((state) => [state.length, ...state]));
    return this.#of(policy).ask(
      (engine, handle) => engine.guide(handle, names, words, String(guide)) as GuideStep<S>[],
    );
  }

  #of<S extends Schema>(policy: Policy<S>): Asked<StudioEngine> {
    if (!(policy instanceof Policy))
      throw new InvalidSubjectError("invalid-subject", "`policy` is no policy; open a pack first");
    let asked = this.#asked.get(policy);
    if (!asked) this.#asked.set(policy, (asked = new Asked(this.#engine, policy.pack)));
    return asked;
  }
}

/** The policy of what must be a session. */
function policyOf<S extends Schema>(session: Session<S>): Policy<S> {
  if (session instanceof Session) return session.policy;
  throw new InvalidSubjectError("invalid-subject", "`session` is no session; resolve one first");
}

/** The state of a session, which means something only to the policy that it was resolved against. */
function stateOf(policy: Policy, session: Session, place: string): Uint32Array {
  if (!(session instanceof Session))
    throw new InvalidSubjectError("invalid-subject", `${place} is no session; resolve one first`);
  if (session.policy.fingerprint === policy.fingerprint) return wordsOf(session);
  throw new InvalidSubjectError(
    "invalid-subject",
    `${place} is a session of another policy; resolve it against this one`,
  );
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

/** The text of a document in UTF-8, and whether the user wrote it, so that places in it mean something. */
function text(document: string | object): [text: Uint8Array, spans: boolean] {
  const spans = typeof document === "string";
  return [encoder.encode(spans ? document : JSON.stringify(document)), spans];
}
