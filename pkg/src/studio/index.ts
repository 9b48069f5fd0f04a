// The studio: everything but deciding. Each method passes its query to the WebAssembly engine.
import type { StudioEngine } from "../../wasm/studio.js";
import { InvalidSubjectError } from "../core/errors.js";
import { display } from "../core/ids.js";
import type { Policy, Session } from "../core/interfaces.js";
import { internals } from "../core/model.js";
import type { Program } from "../core/model.js";
import { timeOf } from "../core/policy.js";
import type { DecisionRecord } from "../core/decision-record.js";
import { Session as SessionClass } from "../core/session.js";
import type { AnySchema, Change, GuideId, OperationId, Pack, Schema, Subject } from "../core/types.js";
import { encodeSession, lists, mustBe, policyOf, sessionOf } from "./arguments.js";
import { filesOf, located, policyError, textOf, textsOf } from "./documents.js";
import { encodeState, errorOf, PolicyHandle } from "./handle.js";
import { checkCount } from "./instance.js";
import type { Instance } from "./instance.js";
import { drain, evaluatePopulation } from "./population.js";
import type { PackedRows, Population, PopulationOptions } from "./population-types.js";
import type {
  Actors,
  CompileOptions,
  Diagnostic,
  DocumentIndex,
  DocumentOptions,
  DormantGrant,
  Explanation,
  FixOptions,
  LeastPrivilegeOptions,
  FixResult,
  GuideStep,
  Impact,
  ImpactTarget,
  LeastPrivilege,
  PolicyDescription,
  PolicyDifference,
  Preview,
  RequirementWords,
  Residual,
  Review,
  ReviewedChange,
  Wording,
} from "./types.js";
import { encode } from "./wire.js";

/** Milliseconds after which {@link Studio.populationAsync} yields to the event loop. */
const YIELD_AFTER = 10;

/**
 * Checks, compiles, explains and compares policies. Loaded once; its methods are synchronous.
 *
 * Every method throws InvalidOptionsError for arguments of more than 64 Mi letters, and StudioStoppedError once WebAssembly trapped, for
 * example for lack of memory; then `studio()` gives a new studio.
 */
export class Studio {
  readonly #engine: StudioEngine;
  readonly #handles = new WeakMap<Program, PolicyHandle<StudioEngine>>();

  /** @internal */
  constructor(instance: Instance, { messages = {}, labels = {} }: Wording = {}) {
    try {
      this.#engine = instance.engine(encode(messages), encode(labels));
    } catch (thrown) {
      throw errorOf(thrown);
    }
  }

  /**
   * All errors and warnings of a document: JSON with comments, or an object. No document makes it throw.
   *
   * @throws InvalidOptionsError for invalid options; StudioStoppedError.
   */
  check(document: string | object, options: DocumentOptions = {}): Diagnostic[] {
    const files = filesOf(options);
    try {
      return located(this.#engine.check(...textsOf(document, files)) as Diagnostic[], document, files);
    } catch (thrown) {
      return policyError(thrown, document, files).diagnostics as Diagnostic[];
    }
  }

  /**
   * The ids of a document with the places where they are declared and used, for editors. It needs no valid document: of a text that is
   * being written it has what can be read.
   *
   * @throws InvalidOptionsError for invalid options.
   */
  index(document: string, options: DocumentOptions = {}): DocumentIndex {
    const files = filesOf(options);
    const [text, , names, texts] = textsOf(document, files);
    return this.#engine.index(text, names, texts) as DocumentIndex;
  }

  /**
   * The words of a requirement by what they name, and what may follow at its end; also of one with errors.
   *
   * @throws InvalidOptionsError for anything but text.
   */
  words(requirement: string): RequirementWords {
    mustBe(typeof requirement === "string", "requirement", "a text");
    return this.#engine.words(requirement) as RequirementWords;
  }

  /**
   * Compiles a document. The pack has the reasons that `privet/why` names, unless `reasons` is `false`.
   *
   * @throws PolicyError with every diagnostic, if one of them is an error; InvalidOptionsError for invalid options, and if reasons are
   * localized for labels of ids that the policy does not have.
   */
  compile(document: string | object, { reasons = true, ...options }: CompileOptions = {}): Pack {
    const files = filesOf(options);
    try {
      return this.#engine.compile(...textsOf(document, files), reasons ? reasons === "localized" : undefined);
    } catch (thrown) {
      if ((thrown as { code?: unknown }).code === "invalid-options") throw errorOf(thrown);
      throw policyError(thrown, document, files);
    }
  }

  /**
   * A pack without its document: it decides the same and explains nothing, which is all that a front end needs to show and hide.
   *
   * @throws InvalidPackError for bytes that are not a pack of this release.
   */
  strip<S extends Schema = AnySchema>(pack: Pack<S> | Uint8Array): Pack<S> {
    try {
      // Anything but bytes is refused as an empty pack is
      return this.#engine.strip(new Uint8Array(ArrayBuffer.isView(pack) ? pack : []));
    } catch (thrown) {
      throw errorOf(thrown);
    }
  }

  /**
   * Renders diagnostics as a compiler prints them: the source line, carets, and the help.
   *
   * @throws InvalidOptionsError for diagnostics that `check` did not return, and for invalid options.
   */
  render(diagnostics: readonly Diagnostic[], text: string, options: DocumentOptions = {}): string {
    const files = filesOf(options);
    mustBe(typeof text === "string", "text", "a text");
    try {
      const texts = Object.values(files).map(textOf);
      return this.#engine.render(encode(diagnostics), text, Object.keys(files), texts);
    } catch (thrown) {
      throw errorOf(thrown);
    }
  }

  /**
   * The content of a policy, as data.
   *
   * @throws InvalidPackError if the pack has no document.
   */
  describe<S extends Schema>(policy: Policy<S>): PolicyDescription<S> {
    return this.#handleOf(policy).call((engine, id) => engine.describe(id) as PolicyDescription<S>);
  }

  /**
   * Why an operation is allowed, denied or undecided: the requirement's tree with the verdict of each test.
   *
   * @throws UnknownIdError; InvalidPackError if the pack has no document.
   */
  explain<S extends Schema>(session: Session<S>, operation: OperationId<S>): Explanation<S> {
    const [policy, state] = sessionOf(session);
    return this.#handleOf(policy).call(
      (engine, id) => engine.explain(id, encodeState(state), display(operation)) as Explanation<S>,
    );
  }

  /**
   * Explains a recorded decision of `privet/edge` from the recorded inputs alone.
   *
   * @throws TypeError for a record of another policy or version; InvalidOptionsError for what is no record; what {@link Studio.explain} throws.
   */
  explainRecord<S extends Schema>(policy: Policy<S>, record: DecisionRecord<S>): Explanation<S> {
    // A record without inputs would be explained as that of a person with nothing
    mustBe(record?.policy && record.inputs, "record", "a record of a decision");
    if (record.policy.fingerprint !== policy.fingerprint) {
      throw new TypeError("the record belongs to another policy or version; open the policy with its fingerprint");
    }
    return this.explain(policy.session(record.inputs), record.operation);
  }

  /**
   * All changes of least cost after which an operation is allowed, or denied; first those that open the fewest other operations. The
   * result is exact, includes all ties, and is verified by evaluating each change. Each assigned id costs once: a privilege its `cost`, a fact 100, a role the sum over the
   * grants that it adds or removes.
   *
   * @throws UnknownIdError, InvalidOptionsError; InvalidPackError if the pack has no document.
   */
  fixes<S extends Schema>(session: Session<S>, operation: OperationId<S>, options: FixOptions<S> = {}): FixResult<S> {
    const encoded = encode(options);
    const [policy, state] = sessionOf(session);
    return this.#handleOf(policy).call(
      (engine, id) => engine.fixes(id, encodeState(state), display(operation), encoded) as FixResult<S>,
    );
  }

  /**
   * The changes that allow all of the operations to a person without other grants, and of which nothing can be left out: those that
   * open the fewest other operations, or with `by: "cost"` those of least cost. Facts are assigned only where nothing else suffices.
   * Also the roles and pairs of roles that are nearest to them.
   *
   * @throws UnknownIdError, InvalidOptionsError; InvalidPackError if the pack has no document.
   */
  leastPrivilege<S extends Schema>(
    policy: Policy<S>,
    operations: readonly OperationId<S>[],
    options: LeastPrivilegeOptions<S> = {},
  ): LeastPrivilege<S> {
    mustBe(Array.isArray(operations), "operations", "a list", "a list of ids");
    checkCount(operations);
    const encoded = encode(options);
    return this.#handleOf(policy).call(
      (engine, id) => engine.leastPrivilege(id, operations.map(display), encoded) as LeastPrivilege<S>,
    );
  }

  /**
   * The operations that a privilege, a level of it, a role, a fact or an operation allows and denies over all possible subjects,
   * the privileges that it needs, and the operations that need it.
   *
   * @throws UnknownIdError, InvalidGrantError, InvalidFactError, InvalidOptionsError; InvalidPackError where the pack has
   * no document.
   */
  impact<S extends Schema>(policy: Policy<S>, target: ImpactTarget<S>): Impact<S> {
    const encoded = encode(target);
    return this.#handleOf(policy).call((engine, id) => engine.impact(id, encoded) as Impact<S>);
  }

  /**
   * The semantic differences between two versions of a policy: for each operation, requirement and obligation the smallest
   * subject for which they decide differently. Differences of notation are ignored.
   *
   * @throws InvalidPackError if a pack has no document.
   */
  compare<S extends Schema>(before: Policy<Schema>, after: Policy<S>): PolicyDifference<S> {
    const [earlier, later] = [this.#handleOf(before), this.#handleOf(after)];
    return earlier.call((engine, id) => later.call((_, other) => engine.compare(id, other) as PolicyDifference<S>));
  }

  /**
   * What remains of an operation's requirement when the facts that the session does not give are open: `always`, `never`, or a
   * requirement over these facts, as text and as a tree for {@link toSql}. For each value of the facts, given or not, it is what
   * the session with these facts decides. A fact with an `absent` value is open, too.
   *
   * @throws UnknownIdError; InvalidPackError if the pack has no document.
   */
  residual<S extends Schema>(session: Session<S>, operation: OperationId<S>): Residual {
    const [policy, state] = sessionOf(session);
    return this.#handleOf(policy).call(
      (engine, id) => engine.residual(id, encodeState(state), display(operation)) as Residual,
    );
  }

  /**
   * The effects of a change on operations, menu items, obligations and dormant grants. The session stays as it is.
   *
   * @throws what `session.with` throws; InvalidPackError if the pack has no document.
   */
  preview<S extends Schema>(session: Session<S>, change: Change<S>): Preview<S> {
    const [policy, state] = sessionOf(session);
    return this.#handleOf(policy).call(
      (engine, id) => engine.preview(id, encodeState(state), encode(change), state.now) as Preview<S>,
    );
  }

  /**
   * The grants that are known to have no effect, fully or above a level, with the tests that fail; in policy order. An undecided
   * grant is not dormant.
   *
   * @throws InvalidPackError if the pack has no document.
   */
  dormant<S extends Schema>(session: Session<S>): readonly DormantGrant<S>[] {
    const [policy, state] = sessionOf(session);
    return this.#handleOf(policy).call((engine, id) => engine.dormant(id, encodeState(state)) as DormantGrant<S>[]);
  }

  /**
   * Evaluates many subjects, or packed rows, in blocks of 1,024: `onProgress` is called after each and may abort the `signal`. A
   * person who cannot be evaluated is in `errors`; the others are evaluated. O(people × program / 32).
   *
   * Blocks the thread until it is done; {@link populationAsync} does not.
   *
   * @throws the signal's reason; InvalidSubjectError for rows of another layout; InvalidPackError where the pack has no
   * document.
   */
  population<S extends Schema>(
    policy: Policy<S>,
    people: readonly Subject<S>[] | PackedRows,
    options: PopulationOptions = {},
  ): Population<S> {
    return drain(evaluatePopulation(this.#handleOf(policy), policyOf(policy), people, options));
  }

  /**
   * {@link population} that yields to the event loop about every 10 ms, so that a page can paint progress and a click can abort
   * the `signal`.
   *
   * @throws what {@link population} throws, as a rejection.
   */
  async populationAsync<S extends Schema>(
    policy: Policy<S>,
    people: readonly Subject<S>[] | PackedRows,
    options: PopulationOptions = {},
  ): Promise<Population<S>> {
    const steps = evaluatePopulation(this.#handleOf(policy), policyOf(policy), people, options);
    let since = performance.now();
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
      if (performance.now() - since < YIELD_AFTER) continue;
      await new Promise((resolve) => setTimeout(resolve));
      since = performance.now();
    }
  }

  /**
   * Whether a person may make a change, by the policy's change rules, and which rules it breaks. The rules that apply follow
   * from the difference between before and after, and from `kind`.
   *
   * @throws InvalidSubjectError for a session of another policy or another kind, and what {@link Policy.session} throws.
   */
  review<S extends Schema>(policy: Policy<S>, change: ReviewedChange<S>): Review<S> {
    const { actor, before, after, kind, others = [] } = change;
    mustBe(Array.isArray(others), "others", "a list", "a list of sessions");
    checkCount(others);
    const now = timeOf(change);
    const state = encodeSession(policy, actor, "`actor`");
    const people = others.map((person, index) => encodeSession(policy, person, `\`others[${index}]\``));
    const [old, result] = [encode(before), encode(after)];
    const ofKind = kind === undefined ? undefined : String(kind);
    return this.#handleOf(policy).call((engine, id) => {
      const review = engine.review(id, state, old, result, ofKind, now, lists(people)) as Review<S>;
      return others.length || !change.others ? review : { ...review, together: [] };
    });
  }

  /**
   * The state of each step of a guide, for one person who takes all steps, or for several people by the names that the guide
   * uses. Steps of people without a session are neither done nor ready.
   *
   * @throws UnknownIdError for a guide that the policy does not have, or a name that the guide does not use; InvalidSubjectError
   * without a session, or for sessions of different policies.
   */
  guide<S extends Schema>(actors: Actors<S>, guide: GuideId<S>): GuideStep<S>[] {
    const isAlone = actors instanceof SessionClass;
    const names = isAlone ? undefined : Object.keys(actors);
    const sessions: readonly Session<S>[] = isAlone ? [actors] : Object.values(actors);
    const policy = sessions[0]?.policy;
    if (!policy)
      throw new InvalidSubjectError(
        "invalid-subject",
        "no session; pass one session, or one for each name of the guide",
      );
    const states = sessions.map((session, index) =>
      encodeSession(policy, session, `\`${names?.[index] ?? "actors"}\``),
    );
    return this.#handleOf(policy).call(
      (engine, id) => engine.guide(id, names, lists(states), display(guide)) as GuideStep<S>[],
    );
  }

  #handleOf<S extends Schema>(policy: Policy<S>): PolicyHandle<StudioEngine> {
    const { [internals]: program } = policyOf(policy);
    const handle = this.#handles.get(program) ?? new PolicyHandle(this.#engine, program.pack);
    this.#handles.set(program, handle);
    return handle;
  }
}
