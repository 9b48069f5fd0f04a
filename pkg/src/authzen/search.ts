// The search for subjects, resources and actions: candidates are decided one by one, page by page.
import type { Schema } from "../core/types.js";
import type { Turn } from "./evaluate.js";
import { canonical } from "./json.js";
import { RequestError } from "./request-error.js";
import { actionOf, contextOf, entityOf, kindOf, pageOf } from "./shape.js";
import type { Members, Page } from "./shape.js";
import type { Action, Asked, AuthzenOptions, Candidate, Candidates, Entity } from "./types.js";

/** What a search does for each candidate: the result if it is allowed. */
interface Wanted<R> {
  readonly candidates: Iterable<Candidate> | AsyncIterable<Candidate>;
  readonly decide: (candidate: Exclude<Candidate, string>) => Promise<R | undefined>;
}

/** The bounds of a page. */
export interface Bounds {
  readonly page: number;
  readonly candidates: number;
}

/** The response of a search. */
interface Found {
  readonly page: { readonly next_token: string; readonly count: number };
  readonly results: readonly unknown[];
}

/** What is searched for. */
export type Searched = "subject" | "resource" | "action";

/** Whether the options have what a search needs. */
export const isSearchable = <S extends Schema>({ search, action }: AuthzenOptions<S>, searched: Searched): boolean =>
  search?.[searched] !== undefined || (searched === "action" && typeof action !== "function");

/** The endpoints for searches. */
export async function search<S extends Schema>(
  searched: Searched,
  body: Members,
  turn: Turn<S>,
  bounds: Bounds,
): Promise<Found> {
  const asked = turn.asked(contextOf(body));
  const [question, wanted] = await questions[searched](body, turn, asked);
  const page = pageOf(body);
  const asks = await digest([searched, question, asked.context, page.properties ?? null]);
  return pages(wanted, asks, page, bounds, asked.signal);
}

type Question<S extends Schema> = (
  body: Members,
  turn: Turn<S>,
  asked: Asked<S>,
) => Promise<readonly [question: unknown, wanted: Wanted<object>]>;

const questions: {
  readonly [searched in Searched]: <S extends Schema>(...of: Parameters<Question<S>>) => ReturnType<Question<S>>;
} = {
  subject: async (body, { decider }, asked) => {
    const [kind, action, resource] = [kindOf(body, "subject"), actionOf(body), entityOf(body, "resource")];
    const decide = entities(kind.type, (subject) => decider.decide({ subject, action, resource, asked }));
    const candidates = await candidatesOf(decider.options.search?.subject, kind, asked);
    return [
      { kind, action, resource },
      { candidates, decide },
    ];
  },
  resource: async (body, { decider }, asked) => {
    const [subject, action, kind] = [entityOf(body, "subject"), actionOf(body), kindOf(body, "resource")];
    const decide = entities(kind.type, (resource) => decider.decide({ subject, action, resource, asked }));
    const candidates = await candidatesOf(decider.options.search?.resource, kind, asked);
    return [
      { subject, action, kind },
      { candidates, decide },
    ];
  },
  action: async (body, { decider }, asked) => {
    const [subject, resource] = [entityOf(body, "subject"), entityOf(body, "resource")];
    const { search, action: actions } = decider.options;
    const listed = search?.action && own(search.action, resource.type);
    const names = listed ?? (typeof actions === "function" ? [] : Object.keys(own(actions, resource.type) ?? {}));
    const decide = async ({ id: name }: { readonly id: string }) => {
      const action: Action = { name, properties: {} };
      return (await decider.decide({ subject, action, resource, asked })).decision ? { name } : undefined;
    };
    return [
      { subject, resource },
      { candidates: names, decide },
    ];
  },
};

const own = <V>(table: { readonly [type: string]: V }, type: string): V | undefined =>
  Object.hasOwn(table, type) ? table[type] : undefined;

/** The result for an allowed candidate of a type. */
const entities =
  (type: string, decide: (entity: Entity) => Promise<{ readonly decision: boolean }>) =>
  async ({ id, properties = {} }: Exclude<Candidate, string>) =>
    (await decide({ type, id, properties })).decision ? { type, id } : undefined;

async function candidatesOf<S extends Schema>(
  table: { readonly [type: string]: Candidates<S> } | undefined,
  kind: Omit<Entity, "id">,
  asked: Asked<S>,
): Promise<Iterable<Candidate> | AsyncIterable<Candidate>> {
  const source = table && own(table, kind.type);
  return (typeof source === "function" ? await source(kind, asked) : source) ?? [];
}

/** The results of a page. It ends with the first result of the next page, or where a bound is met. */
async function pages(
  { candidates, decide }: Wanted<object>,
  question: string,
  { token, limit }: Page,
  bounds: Bounds,
  signal: AbortSignal,
): Promise<Found> {
  const most = Math.min(limit ?? bounds.page, bounds.page);
  const from = token === undefined ? { skip: 0, limit: most, question } : read(token, bounds.page);
  if (from.question !== question || (limit !== undefined && from.limit !== most))
    throw new RequestError(400, "invalid-page-token", "the request differs from the one of the page before");
  const results: object[] = [];
  let at = 0;
  let next = "";
  for await (const candidate of candidates) {
    signal.throwIfAborted();
    if (at++ < from.skip) continue;
    const known = typeof candidate === "string" ? { id: candidate } : candidate;
    if (typeof known?.id !== "string") throw new TypeError("a candidate of a search has no id");
    const result = await decide(known);
    const full = result !== undefined && results.length === from.limit;
    if (full) next = write(at - 1, from.limit, question);
    else if (result) results.push(result);
    if (!full && at - from.skip === bounds.candidates) next = write(at, from.limit, question);
    if (next) break;
  }
  return { page: { next_token: next, count: results.length }, results };
}

/** A token: how many candidates are done, the limit, and a digest of the question. It proves nothing and needs no secret. */
const write = (done: number, limit: number, question: string) =>
  btoa(`${done}.${limit}.${question}`).replaceAll("=", "");

function read(token: string, most: number) {
  try {
    const [, skip, limit, question] = /^(\d{1,15})\.(\d{1,15})\.([\da-f]{32})$/.exec(atob(token))!;
    return { skip: Number(skip), limit: Math.min(Number(limit), most), question: question as string };
  } catch {
    throw new RequestError(400, "invalid-page-token", "`page.token` is no token of a page");
  }
}

async function digest(question: unknown): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(canonical(question)));
  return [...new Uint8Array(bytes, 0, 16)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
