// From a request to a session: the JWT, the policy that decides, the subject and its facts. Each step refuses by its own problem.
import { open } from "privet";
import { InvalidOptionsError, InvalidTokenError, PrivetError, StaleTokenError } from "../core/errors.js";
import type { IgnoredClaim } from "../core/decision-record.js";
import type { Policy, Session } from "../core/interfaces.js";
import type { AnySchema, EpochSeconds, Facts, Pack, Schema } from "../core/types.js";
import { TIMEOUT, within } from "./hooks.js";
import type { Awaitable, OnProblem } from "./hooks.js";
import { createVerifier } from "./jwt.js";
import type { TokenOptions } from "./jwt.js";
import { invalid, isSeconds } from "./keys.js";
import { ProblemError } from "./problem.js";
import type { ProblemCode, ProblemDetails } from "./problem.js";
import type { Claims } from "./registered.js";
import { issuedAt } from "./signed.js";
import { sessionOf } from "./subject.js";
import type { SubjectOf } from "./subject.js";

/** Policies that are in force together, the newest first: of several policies with the layout of a token, the first decides. */
export type Policies<S extends Schema = AnySchema> = readonly (Pack<S> | Uint8Array | Policy<S>)[];

/** The options of a guard that say who a request is from. */
export interface AuthenticatorOptions<S extends Schema = AnySchema> extends TokenOptions {
  /**
   * The policies: a list, or a function that returns the current list for each request, so that new versions can be added at run
   * time. The first policy with the layout of a token decides; a subject that is mapped from claims is decided by the first. Each
   * pack is opened once and cached by identity, so a function should return the same objects until they change.
   */
  readonly policies: Policies<S> | (() => Awaitable<Policies<S>>);
  /**
   * The claim that holds the token; by default `privet`. With `subject`, no claim is read unless it is named here: then a JWT that
   * has the claim is decided by it alone, and any other by `subject`.
   */
  readonly claim?: string;
  /** Maps the claims of other issuers' JWTs to a subject. There are ready ones: `auth0`, `keycloak`, `entra` and others. */
  readonly subject?: SubjectOf<S>;
  /** Whether a valid token was revoked. Any result but `false` refuses it. */
  readonly revoked?: (claims: Claims) => Awaitable<boolean>;
  /** Returns the current facts of the subject for the policy that decides. Facts that it does not return are unknown. */
  readonly facts?: (request: Request, claims: Claims, policy: Policy<S>) => Awaitable<Facts<S> | null | undefined>;
  /**
   * By policy id, the time before which JWTs (by `iat`) and dated packs (of `openSigned`) do not count: for the time after something
   * went wrong with them. JWTs without `iat` are refused then.
   */
  readonly notBefore?: { readonly [policy: string]: EpochSeconds };
}

/** An authenticated request. */
export interface Authenticated<S extends Schema> {
  readonly session: Session<S>;
  readonly subject: string | null;
  readonly policies: readonly Policy<S>[];
  /** Whether the grants are those of the token in a claim, and not mapped. */
  readonly isToken: boolean;
  readonly ignored: readonly IgnoredClaim[] | undefined;
}

type Problem = (code: ProblemCode, details: ProblemDetails) => ProblemError;

/**
 * Creates the function that authenticates a request.
 *
 * @throws InvalidOptionsError, InvalidPackError
 */
export function createAuthenticator<S extends Schema>(
  options: AuthenticatorOptions<S>,
  problem: Problem,
  onProblem: OnProblem | undefined,
): (request: Request) => Promise<Authenticated<S>> {
  const {
    policies,
    claim = "privet",
    subject,
    revoked,
    facts,
    notBefore = {},
    timeout = TIMEOUT,
    clock = Date.now,
  } = options;
  const verify = createVerifier(options, problem, onProblem);
  for (const [id, time] of Object.entries(notBefore))
    if (!isSeconds(time)) throw invalid("notBefore", `must have seconds since 1970 for \`${id}\``);
  for (const name of ["subject", "revoked", "facts"] as const)
    if (options[name] !== undefined && typeof options[name] !== "function") throw invalid(name, "must be a function");
  const fixed = typeof policies === "function" ? undefined : inForce(policies, notBefore);
  const current = async () => fixed ?? inForce(await (policies as () => Awaitable<Policies<S>>)(), notBefore);

  const hook = async <T>(code: ProblemCode, call: () => Awaitable<T>): Promise<T> => {
    try {
      return await within(timeout, call);
    } catch (cause) {
      // A hook may refuse by a problem of its own
      if (!(cause instanceof ProblemError)) throw problem(code, { cause });
      const { message, id, owed } = cause;
      throw problem(cause.code, { message, operation: id, owed, cause: cause.cause });
    }
  };
  const factsOf = (request: Request, claims: Claims, policy: Policy<S>) =>
    facts && hook("facts-unavailable", () => facts(request, claims, policy));

  /** The session of claims without a token, by the first policy. */
  const mapped = async (request: Request, claims: Claims, policy: Policy<S>) => {
    const found = await hook("subject-unavailable", () => subject!(claims, request, policy));
    if (found === undefined || found === null) throw problem("unknown-subject", {});
    if (typeof found !== "object") throw problem("invalid-subject", { message: "`subject` did not return an object" });
    const known = await factsOf(request, claims, policy);
    return {
      session: sessionOf(policy, found, known, Math.floor(clock() / 1000), problem),
      ignored: found.ignored ?? [],
      isToken: false,
    };
  };
  /** The session of the token in the claim. */
  const restored = async (request: Request, claims: Claims, policy: Policy<S>, token: string) => {
    if (!token.startsWith(policy.layout)) restore(policy, token, {}, problem);
    const known = await factsOf(request, claims, policy);
    return { session: restore(policy, token, known ?? {}, problem), ignored: undefined, isToken: true };
  };

  return async (request) => {
    const claims = await verify(request);
    if (revoked && (await hook("revocation-unavailable", () => revoked(claims))) !== false)
      throw problem("revoked-token", {});
    const readsClaim = !subject || options.claim !== undefined;
    const token = readsClaim && Object.hasOwn(claims, claim) ? claims[claim] : undefined;
    const isMapped = subject !== undefined && token === undefined;
    if (!isMapped && typeof token !== "string")
      throw problem("invalid-token", { message: `claim \`${claim}\` does not hold a token` });
    const list = await hook("policies-unavailable", current);
    const newest = list[0] as Policy<S>;
    const policy = isMapped ? newest : (list.find(({ layout }) => (token as string).startsWith(layout)) ?? newest);
    const least = Object.hasOwn(notBefore, policy.id) ? notBefore[policy.id]! : Number.NEGATIVE_INFINITY;
    if (!((claims.iat ?? Number.NEGATIVE_INFINITY) >= least)) {
      const message = `the token was issued before the time that \`notBefore\` has for \`${policy.id}\``;
      throw problem("stale-token", { message });
    }
    const found = isMapped
      ? await mapped(request, claims, policy)
      : await restored(request, claims, policy, token as string);
    return { ...found, subject: typeof claims.sub === "string" ? claims.sub : null, policies: list };
  };
}

function restore<S extends Schema>(policy: Policy<S>, token: string, facts: Facts<S>, problem: Problem): Session<S> {
  try {
    return policy.restore(token, facts);
  } catch (thrown) {
    if (thrown instanceof StaleTokenError) throw problem("stale-token", {});
    if (thrown instanceof InvalidTokenError)
      throw problem("invalid-token", { message: "the token in the claim is damaged" });
    if (thrown instanceof PrivetError && thrown.code !== "load-failed") {
      const code = thrown.code === "conflicting-choice" ? thrown.code : "invalid-facts";
      throw problem(code, { message: thrown.message, cause: thrown });
    }
    throw thrown;
  }
}

const cache = new WeakMap<Uint8Array, Policy>();

/** Opens the packs of a non-empty list, each once, and leaves out those that are dated before their `notBefore`. */
function inForce<S extends Schema>(
  policies: Policies<S>,
  notBefore: { readonly [policy: string]: EpochSeconds },
): readonly Policy<S>[] {
  const fault = (text: string) => new InvalidOptionsError("invalid-options", `option \`policies\` ${text}`, "policies");
  if (!Array.isArray(policies) || policies.length === 0)
    throw fault("must be a non-empty list: without a policy, nothing can be decided");
  const opened = (policies as Policies<S>).map((policyOrPack) => {
    if (!ArrayBuffer.isView(policyOrPack)) {
      if (typeof (policyOrPack as Policy<S> | undefined)?.restore !== "function")
        throw fault("has a value that is neither a policy nor a pack");
      return policyOrPack;
    }
    const policy = (cache.get(policyOrPack) as Policy<S> | undefined) ?? open<S>(policyOrPack);
    cache.set(policyOrPack, policy as Policy);
    return policy;
  });
  const current = opened.filter((policy) => {
    const least = Object.hasOwn(notBefore, policy.id) ? notBefore[policy.id]! : 0;
    return (issuedAt(policy as Policy) ?? least) >= least;
  });
  if (current.length === 0) throw fault("has only packs that were signed before their `notBefore`");
  return current;
}
