import { StudioEngine } from "../wasm/studio.js";
import { PolicyError } from "./errors.js";
import { Asked } from "./policy.js";
import type { Policy } from "./policy.js";
import type { Session } from "./session.js";
import type { Diagnostic, Explanation, PolicyDescription } from "./studio-types.js";
import type { OperationId, Pack, Schema } from "./types.js";

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
