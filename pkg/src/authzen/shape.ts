// Reads the entities of parsed requests. Members that the standard does not know are ignored.
import { RequestError } from "./request-error.js";
import type { Action, Entity, Properties } from "./types.js";

/** An object of parsed JSON. */
export interface Members {
  readonly [name: string]: unknown;
}

const invalid = (message: string) => new RequestError(400, "invalid-request", message);

export function asObject(value: unknown, place: string): Members {
  if (value === undefined) throw invalid(`\`${place}\` is missing`);
  if (value === null || typeof value !== "object" || Array.isArray(value)) throw invalid(`\`${place}\` is no object`);
  return value as Members;
}

/** A member itself, not one that every object inherits. */
export const member = (of: Members, name: string): unknown => (Object.hasOwn(of, name) ? of[name] : undefined);

export function text(of: Members, name: string, place: string): string {
  const value = member(of, name);
  if (value === undefined) throw invalid(`\`${place}.${name}\` is missing`);
  if (typeof value !== "string") throw invalid(`\`${place}.${name}\` is no string`);
  return value;
}

const none: Properties = Object.freeze({});

function properties(of: Members, place: string): Properties {
  const value = member(of, "properties");
  return value === undefined ? none : asObject(value, `${place}.properties`);
}

/** A subject or resource with its type, and without its id. */
export function kindOf(of: Members, place: "subject" | "resource"): Omit<Entity, "id"> {
  const entity = asObject(member(of, place), place);
  return { type: text(entity, "type", place), properties: properties(entity, place) };
}

export function entityOf(of: Members, place: "subject" | "resource"): Entity {
  const kind = kindOf(of, place);
  return { type: kind.type, id: text(of[place] as Members, "id", place), properties: kind.properties };
}

export function actionOf(of: Members): Action {
  const action = asObject(member(of, "action"), "action");
  return { name: text(action, "name", "action"), properties: properties(action, "action") };
}

export function contextOf(of: Members): Properties {
  const value = member(of, "context");
  return value === undefined ? none : asObject(value, "context");
}

const SEMANTICS = ["execute_all", "deny_on_first_deny", "permit_on_first_permit"] as const;
export type Semantic = (typeof SEMANTICS)[number];

/** When the evaluation of a batch stops. */
export function semanticOf(of: Members): Semantic {
  const options = member(of, "options");
  const name = options === undefined ? undefined : member(asObject(options, "options"), "evaluations_semantic");
  if (name === undefined) return "execute_all";
  const known = SEMANTICS.find((semantic) => semantic === name);
  if (!known) throw invalid(`\`options.evaluations_semantic\` is none of \`${SEMANTICS.join("`, `")}\``);
  return known;
}

/** The items of a batch, at most `most`; none for a single evaluation. */
export function itemsOf(of: Members, most: number): readonly unknown[] {
  const items = member(of, "evaluations") ?? [];
  if (!Array.isArray(items)) throw invalid("`evaluations` is no array");
  if (items.length > most) throw invalid(`\`evaluations\` has more than ${most} members`);
  return items;
}

/** The page that a search asks for. */
export interface Page {
  readonly token?: string;
  readonly limit?: number;
  readonly properties?: unknown;
}

export function pageOf(of: Members): Page {
  const value = member(of, "page");
  if (value === undefined) return {};
  const page = asObject(value, "page");
  const [token, limit] = [member(page, "token"), member(page, "limit")];
  if (token !== undefined && typeof token !== "string") throw invalid("`page.token` is no string");
  if (limit !== undefined && !(Number.isSafeInteger(limit) && (limit as number) >= 0))
    throw invalid("`page.limit` is no whole number from 0");
  return {
    ...(token !== undefined && { token }),
    ...(limit !== undefined && { limit: limit as number }),
    properties: member(page, "properties"),
  };
}
