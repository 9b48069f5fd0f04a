// The fetch handler: paths, methods, callers, headers, errors and the time for a request.
import type { Policy, Session } from "../core/interfaces.js";
import type { AnySchema, Schema } from "../core/types.js";
import { InvalidRequestError, ProblemError } from "../edge/problem.js";
import { Decider } from "./decide.js";
import { evaluation, evaluations } from "./evaluate.js";
import type { Turn } from "./evaluate.js";
import { parse, readText } from "./json.js";
import { readOptions } from "./options.js";
import type { Settings } from "./options.js";
import { RequestError } from "./request-error.js";
import { isSearchable, search } from "./search.js";
import type { Searched } from "./search.js";
import { asObject } from "./shape.js";
import type { Members } from "./shape.js";
import type { AuthzenOptions, Properties } from "./types.js";

/** An endpoint of the API: the member of the metadata that names it, and what it answers. */
interface Endpoint<S extends Schema> {
  readonly parameter: string;
  readonly answer: (body: Members, turn: Turn<S>) => Promise<object>;
}

const WELL_KNOWN = "/.well-known/authzen-configuration";
const CHALLENGE = "www-authenticate";
const MEDIA_TYPE = /^application\/json\s*(?:;|$)/i;

/**
 * Creates a fetch handler for the OpenID Authorization API 1.0: `/access/v1/evaluation`, `/access/v1/evaluations`,
 * `/access/v1/search/{subject,resource,action}` and `/.well-known/authzen-configuration`. It answers every request and throws
 * nothing but InvalidRequestError for what is no Request of the fetch standard. Only `allowed` is `true`; what is unknown, of a wrong shape or fails is `false` or an error.
 *
 * @throws InvalidOptionsError for missing, unknown or invalid options.
 */
export function authzen<S extends Schema = AnySchema>(
  options: AuthzenOptions<S>,
): (request: Request) => Promise<Response> {
  const settings = readOptions(options);
  const endpoints = endpointsOf(settings);
  return async (request) => {
    if (typeof (request as Request | undefined)?.headers?.get !== "function")
      throw new InvalidRequestError(
        "invalid-request",
        "not a Request of the fetch standard; make one of a request of Node.js with `toRequest` of `privet/node`",
      );
    const response = await within(settings.timeout, (signal) => respond(request, settings, endpoints, signal)).catch(
      (error) => refusal(error, request, settings),
    );
    const id = request.headers.get("x-request-id");
    if (id !== null) response.headers.set("x-request-id", id);
    return response;
  };
}

/** The endpoints by their default paths. */
function endpointsOf<S extends Schema>({ options, limits }: Settings<S>): ReadonlyMap<string, Endpoint<S>> {
  const endpoints = new Map<string, Endpoint<S>>([
    ["/access/v1/evaluation", { parameter: "access_evaluation_endpoint", answer: evaluation }],
    [
      "/access/v1/evaluations",
      {
        parameter: "access_evaluations_endpoint",
        answer: (body, turn) => evaluations(body, turn, limits.evaluations),
      },
    ],
  ]);
  for (const searched of ["subject", "resource", "action"] satisfies Searched[]) {
    if (!isSearchable(options, searched)) continue;
    endpoints.set(`/access/v1/search/${searched}`, {
      parameter: `search_${searched}_endpoint`,
      answer: (body, turn) => search(searched, body, turn, limits),
    });
  }
  return endpoints;
}

async function respond<S extends Schema>(
  request: Request,
  settings: Settings<S>,
  endpoints: ReadonlyMap<string, Endpoint<S>>,
  signal: AbortSignal,
): Promise<Response> {
  const { pathname, host } = new URL(request.url);
  const { origin, base } = settings.url ?? { origin: `https://${host}`, base: "" };
  if (pathname === WELL_KNOWN + base) {
    requireMethod(request, "GET");
    const of = [...endpoints].map(([path, { parameter }]) => [parameter, origin + base + path]);
    const metadata = { policy_decision_point: origin + base, ...Object.fromEntries(of) };
    // What a `Host` header said is not for caches
    return json(metadata, settings.url ? "max-age=300" : "no-store");
  }
  const endpoint = pathname.startsWith(base) ? endpoints.get(pathname.slice(base.length)) : undefined;
  if (!endpoint) throw new RequestError(404, "not-found", "there is no such endpoint");
  requireMethod(request, "POST");
  const { policy, caller } = await admit(request, settings);
  if (!MEDIA_TYPE.test(request.headers.get("content-type") ?? ""))
    throw new RequestError(400, "invalid-content-type", "the content type is not `application/json`");
  const body = asObject(parse(await readText(request, settings.limits.body)), "body");
  const asked = (context: Properties) => ({ policy, context, request, signal, ...(caller && { caller }) });
  const problem = (error: unknown) => tell(error, request, settings);
  return json(await endpoint.answer(body, { decider: new Decider(settings.options), asked, problem }), "no-store");
}

/** Authenticates the caller, and finds the policy that decides. */
async function admit<S extends Schema>(
  request: Request,
  { options: { authenticate, guard, policy } }: Settings<S>,
): Promise<{ readonly policy: Policy<S>; readonly caller?: Session<S> }> {
  if (authenticate && (await authenticate(request)) !== true)
    throw new RequestError(401, "unauthenticated", "the caller is not accepted", [CHALLENGE, 'Bearer realm="privet"']);
  if (guard) {
    const caller = await guard.session(request);
    return { policy: caller.policy, caller };
  }
  return { policy: typeof policy === "function" ? await policy() : (policy as Policy<S>) };
}

function requireMethod(request: Request, method: string): void {
  if (request.method !== method) throw new RequestError(405, "wrong-method", `use ${method}`, ["allow", method]);
}

/** Runs `work`, at most for some milliseconds. */
async function within<T>(milliseconds: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new RequestError(503, "timeout", `not decided within ${milliseconds} ms`);
      reject(error);
      controller.abort(error);
    }, milliseconds);
  });
  try {
    return await Promise.race([work(controller.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}

const json = (value: object, cache: string) =>
  new Response(JSON.stringify(value), { headers: { "content-type": "application/json", "cache-control": cache } });

/** The response for what was thrown. Only the texts of refused requests are for callers. */
async function refusal<S extends Schema>(error: unknown, request: Request, settings: Settings<S>): Promise<Response> {
  if (error instanceof ProblemError) {
    // The guard has written it to the console, if nobody else is told
    if (error.status >= 500 && settings.options.onProblem) tell(error, request, settings);
    const problem = error.response();
    const { code, detail } = (await problem.json()) as { code: string; detail: string };
    const challenge = problem.headers.get(CHALLENGE);
    return plain(error.status, `${code}: ${detail}`, challenge === null ? undefined : [CHALLENGE, challenge]);
  }
  const known = error instanceof RequestError;
  if (!known || error.status >= 500) tell(error, request, settings);
  if (!known) return plain(500, "internal-error: the decision could not be made");
  return plain(error.status, error.text, error.header);
}

function plain(status: number, text: string, header?: RequestError["header"]): Response {
  const headers = new Headers({ "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" });
  if (header) headers.set(...header);
  return new Response(text, { status, headers });
}

function tell<S extends Schema>(error: unknown, request: Request, { options: { onProblem } }: Settings<S>): void {
  try {
    if (onProblem) onProblem(error, { request });
    else console.error("privet: a request to the Authorization API failed:", error);
  } catch (again) {
    console.error("privet: onProblem failed:", again);
  }
}
