// For servers on Node.js. The types say what is used of the frameworks, so that none of them is imported.
import { InvalidOptionsError } from "../core/errors.js";
import type { Session } from "../core/interfaces.js";
import type { AnySchema, OperationId, Schema } from "../core/types.js";
import type { Guard, RequireOptions } from "../edge/guard.js";
import { InvalidRequestError, ProblemError } from "../edge/problem.js";

/** What is used of a request of `node:http`. */
export interface IncomingRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: { readonly [name: string]: string | readonly string[] | undefined };
  /** Names and values in turn, as they were sent. */
  readonly rawHeaders?: readonly string[] | undefined;
}

/** What is used of a response of `node:http`. */
export interface OutgoingResponse {
  readonly headersSent?: boolean;
  writeHead(status: number, headers: { readonly [name: string]: string }): unknown;
  end(body: string): unknown;
}

/** The operation, or a function that finds it. */
type OperationOf<S extends Schema, Q> = OperationId<S> | ((request: Q) => OperationId<S>);
/** The arguments after the guard. Without an operation, any valid token passes. */
type Rest<S extends Schema, Q> = [operation?: OperationOf<S, Q> | undefined, options?: RequireOptions<S> | undefined];

/** Methods that the fetch standard excludes. */
const EXCLUDED = /^(connect|trace|track)$/i;

/**
 * The Request of the fetch standard for a request of Node.js: its method, address and headers, as they were sent, without its body.
 * An address that is none gets the path `/`.
 *
 * @throws InvalidRequestError for the methods CONNECT, TRACE and TRACK, which a Request cannot have.
 */
export function toRequest(incoming: IncomingRequest): Request {
  const { method = "GET", url = "/", rawHeaders } = incoming;
  if (EXCLUDED.test(method))
    throw new InvalidRequestError("invalid-request", `a request with the method ${method} cannot be guarded`);
  const headers = new Headers();
  const add = (name: string, value: string) => {
    if (!name.startsWith(":")) headers.append(name, value); // HTTP/2 has the method and path as headers
  };
  // Not `headers`: it has only the first of several Authorization headers, and what another server reads may be the second
  if (rawHeaders) for (let at = 0; at + 1 < rawHeaders.length; at += 2) add(rawHeaders[at]!, rawHeaders[at + 1]!);
  else
    for (const [name, value] of Object.entries(incoming.headers))
      for (const one of [value ?? []].flat() as readonly string[]) add(name, one);
  return new Request(addressOf(url, headers.get("host") ?? ""), { method, headers });
}

function addressOf(url: string, host: string): string {
  const origin = `http://${/^[\w.-]+(:\d+)?$|^\[[\da-f:.]+\](:\d+)?$/i.test(host) ? host : "localhost"}`;
  for (const [path, base] of [
    [url.startsWith("/") ? `${origin}${url}` : url, undefined],
    ["/", origin],
  ] as const) {
    if (URL.canParse(path, base)) {
      const address = new URL(path, base);
      address.username = address.password = ""; // a Request refuses an address with these
      return address.href;
    }
  }
  return "http://localhost/";
}

function checkedRest<S extends Schema, Q>(rest: Rest<S, Q>): Rest<S, Q> {
  if (rest.length > 0 && rest[0] === undefined)
    throw new InvalidOptionsError(
      "invalid-options",
      "option `operation` is undefined; omit it to accept any valid token",
      "operation",
    );
  return rest;
}

/** The session of a request that is allowed, or its problem. Other errors are thrown. */
async function ask<S extends Schema, Q>(
  guard: Guard<S>,
  incoming: IncomingRequest,
  subject: Q,
  [operation, options]: Rest<S, Q>,
): Promise<Session<S> | ProblemError> {
  try {
    const request = toRequest(incoming);
    if (operation === undefined) return await guard.session(request);
    const id = typeof operation === "function" ? operation(subject) : operation;
    return await guard.require(request, id, options);
  } catch (thrown) {
    if (thrown instanceof ProblemError) return thrown;
    throw thrown;
  }
}

/** Handles a guarded request of `node:http`. */
export type HttpHandler<S extends Schema, Q, R> = (request: Q, response: R, session: Session<S>) => unknown;

/**
 * A listener for `node:http` (and the compatible interface of `node:http2`) that calls the handler with the session if the operation is
 * allowed, and else responds with the problem. Without an operation, any valid token passes. An error that is no problem is answered
 * with 500 and written to the console.
 *
 * @throws InvalidOptionsError for an operation that is `undefined`.
 */
export function http<S extends Schema, Q extends IncomingRequest, R extends OutgoingResponse>(
  guard: Guard<S>,
  handler: HttpHandler<S, Q, R>,
): (request: Q, response: R) => Promise<void>;
export function http<S extends Schema, Q extends IncomingRequest, R extends OutgoingResponse>(
  guard: Guard<S>,
  operation: OperationOf<S, Q>,
  handler: HttpHandler<S, Q, R>,
  options?: RequireOptions<S>,
): (request: Q, response: R) => Promise<void>;
export function http<S extends Schema, Q extends IncomingRequest, R extends OutgoingResponse>(
  guard: Guard<S>,
  ...more: readonly [unknown, HttpHandler<S, Q, R>?, RequireOptions<S>?]
): (request: Q, response: R) => Promise<void> {
  const [first, second, options] = more;
  const handler = more.length === 1 ? (first as HttpHandler<S, Q, R>) : second;
  const rest: Rest<S, Q> = more.length === 1 ? [] : checkedRest([first as OperationOf<S, Q>, options]);
  if (typeof handler !== "function")
    throw new InvalidOptionsError("invalid-options", "option `handler` must be a function", "handler");
  return async (request, response) => {
    try {
      const found = await ask(guard, request, request, rest);
      if (found instanceof ProblemError) send(found, response);
      else await handler(request, response, found);
    } catch (error) {
      console.error(error);
      if (!response.headersSent) response.writeHead(500, { "content-type": "text/plain" });
      response.end("");
    }
  };
}

/** Responds with a problem. */
export function send(problem: ProblemError, response: OutgoingResponse): void {
  const { status, headers, body } = problem.parts();
  response.writeHead(status, headers);
  response.end(body);
}

/** A request of Express, with the session. */
export interface ExpressRequest<S extends Schema = AnySchema> extends IncomingRequest {
  readonly originalUrl?: string;
  privet?: Session<S>;
}

/**
 * Middleware for Express 5 (and 4, and Connect): `request.privet` is the session. Errors that are no problem go to `next`.
 *
 * @throws InvalidOptionsError for an operation that is `undefined`.
 */
export function express<S extends Schema = AnySchema>(
  guard: Guard<S>,
  ...rest: Rest<S, ExpressRequest<S>>
): (request: ExpressRequest<S>, response: OutgoingResponse, next: (error?: unknown) => void) => void {
  checkedRest(rest);
  return (request, response, next) => {
    const { method, headers, rawHeaders } = request;
    const url = request.originalUrl ?? request.url; // a router takes its own path off `url`
    ask(guard, { method, url, headers, rawHeaders }, request, rest).then((found) => {
      if (found instanceof ProblemError) return send(found, response);
      request.privet = found;
      return next();
    }, next);
  };
}

/** A request of Fastify, with the session. */
export interface FastifyRequest<S extends Schema = AnySchema> {
  readonly raw: IncomingRequest;
  privet?: Session<S>;
}

/** What is used of a reply of Fastify. */
export interface FastifyReply {
  code(status: number): unknown;
  headers(headers: { readonly [name: string]: string }): unknown;
  send(body: string): unknown;
}

/**
 * A hook for Fastify 5, as `onRequest` or `preHandler` of a route or plugin: `request.privet` is the session.
 *
 * @throws InvalidOptionsError for an operation that is `undefined`.
 */
export function fastify<S extends Schema = AnySchema>(
  guard: Guard<S>,
  ...rest: Rest<S, FastifyRequest<S>>
): (request: FastifyRequest<S>, reply: FastifyReply) => Promise<unknown> {
  checkedRest(rest);
  return async (request, reply) => {
    const found = await ask(guard, request.raw, request, rest);
    if (found instanceof ProblemError) {
      const { status, headers, body } = found.parts();
      reply.code(status);
      reply.headers(headers);
      reply.send(body);
      return reply;
    }
    request.privet = found;
    return undefined;
  };
}

/** A context of Koa, with the session. */
export interface KoaContext<S extends Schema = AnySchema> {
  readonly req: IncomingRequest;
  readonly originalUrl?: string;
  readonly state: { privet?: Session<S> };
  status: number;
  body: unknown;
  set(headers: { [name: string]: string }): void;
}

/**
 * Middleware for Koa 3 (and 2): `context.state.privet` is the session.
 *
 * @throws InvalidOptionsError for an operation that is `undefined`.
 */
export function koa<S extends Schema = AnySchema>(
  guard: Guard<S>,
  ...rest: Rest<S, KoaContext<S>>
): (context: KoaContext<S>, next: () => Promise<unknown>) => Promise<unknown> {
  checkedRest(rest);
  return async (context, next) => {
    const { method, headers, rawHeaders } = context.req;
    const url = context.originalUrl ?? context.req.url;
    const found = await ask(guard, { method, url, headers, rawHeaders }, context, rest);
    if (found instanceof ProblemError) {
      const { status, headers, body } = found.parts();
      context.status = status;
      context.body = body;
      context.set({ ...headers });
      return undefined;
    }
    context.state.privet = found;
    return next();
  };
}
