// Reads the options: whatever is missing, unknown or of a wrong type is refused when the handler is created.
import { InvalidOptionsError } from "../core/errors.js";
import type { Schema } from "../core/types.js";
import type { AuthzenLimits, AuthzenOptions } from "./types.js";

/** The options with their defaults. */
export interface Settings<S extends Schema> {
  readonly options: AuthzenOptions<S>;
  readonly limits: Required<AuthzenLimits>;
  readonly timeout: number;
  /** The origin and the path of `url`. */
  readonly url?: { readonly origin: string; readonly base: string };
}

const LIMITS: Required<AuthzenLimits> = { body: 1 << 20, evaluations: 1000, page: 1000, candidates: 10_000 };
const TIMEOUT = 10_000;
/** What timers can wait. */
const MOST_TIME = 2 ** 31 - 1;

const invalid = (option: string, fault: string) =>
  new InvalidOptionsError("invalid-options", `option \`${option}\` ${fault}`, option);

const isTable = (value: unknown) => value !== null && typeof value === "object" && !Array.isArray(value);
const isFunction = (value: unknown) => typeof value === "function";
const isSource = (value: unknown) => Array.isArray(value) || isFunction(value);

/** By option: what it must be, and how to say so. */
const KINDS: { readonly [option in keyof Required<AuthzenOptions>]: readonly [(value: unknown) => boolean, string] } = {
  policy: [
    (value) => isFunction(value) || isFunction((value as { session?: unknown })?.session),
    "a policy or a function",
  ],
  guard: [(value) => isFunction((value as { session?: unknown })?.session), "a guard"],
  authenticate: [isFunction, "a function"],
  subject: [
    (value) => isFunction(value) || tableOf(value, isFunction),
    "a function, or an object of functions by type",
  ],
  resource: [
    (value) => isFunction(value) || tableOf(value, isFunction),
    "a function, or an object of functions by type",
  ],
  action: [
    (value) =>
      isFunction(value) || tableOf(value, (names) => tableOf(names, (to) => typeof to === "string" || isFunction(to))),
    "a function, or an object of operations by type of resource and name of action",
  ],
  search: [isTable, "an object"],
  url: [(value) => typeof value === "string", "a URL as text"],
  limits: [isTable, "an object"],
  timeout: [(value) => isCount(value) && value > 0 && value <= MOST_TIME, "a positive number of milliseconds"],
  clock: [isFunction, "a function"],
  reasons: [isFunction, "a function"],
  onProblem: [isFunction, "a function"],
};

const tableOf = (value: unknown, of: (entry: unknown) => boolean) =>
  isTable(value) && Object.values(value as object).every(of);
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** @throws InvalidOptionsError */
export function readOptions<S extends Schema>(options: AuthzenOptions<S>): Settings<S> {
  for (const [option, value] of Object.entries(options)) {
    const kind = Object.hasOwn(KINDS, option) && KINDS[option as keyof AuthzenOptions];
    if (!kind) throw invalid(option, "is unknown");
    if (value !== undefined && !kind[0](value)) throw invalid(option, `must be ${kind[1]}`);
  }
  if ((options.policy === undefined) === (options.guard === undefined))
    throw invalid("policy", "or `guard` is needed, and not both");
  for (const option of ["subject", "resource", "action"] as const)
    if (options[option] === undefined) throw invalid(option, "is needed");
  for (const [searched, sources] of Object.entries(options.search ?? {})) {
    const isList = searched === "action" ? Array.isArray : isSource;
    if (!["subject", "resource", "action"].includes(searched)) throw invalid(`search.${searched}`, "is unknown");
    if (sources !== undefined && !tableOf(sources, isList))
      throw invalid(`search.${searched}`, "must be an object of lists by type");
  }
  const limits: Required<AuthzenLimits> = { ...LIMITS, ...options.limits };
  for (const [limit, value] of Object.entries(limits)) {
    if (!Object.hasOwn(LIMITS, limit)) throw invalid(`limits.${limit}`, "is unknown");
    if (!isCount(value) || value < 1) throw invalid(`limits.${limit}`, "must be a positive whole number");
  }
  const { timeout = TIMEOUT, url } = options;
  return { options, limits, timeout, ...(url !== undefined && { url: readUrl(url) }) };
}

function readUrl(text: string): { readonly origin: string; readonly base: string } {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const plain = url && !url.search && !url.hash && !url.username && !url.password && !/[?#]/.test(text);
  if (url?.protocol !== "https:" || !plain) throw invalid("url", "must be an https URL without query and fragment");
  return { origin: url.origin, base: url.pathname.replace(/\/$/, "") };
}
