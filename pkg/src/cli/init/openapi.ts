// The operations of an OpenAPI document as a draft: its scopes are the privileges, or, where it has none, a level for each tag.
import { isObject } from "../jsonc.js";
import { Fault } from "../faults.js";
import { Ids, type Draft, type DraftOperation, type DraftPrivilege } from "./draft.js";

const METHODS = ["get", "head", "options", "query", "post", "put", "patch", "delete", "trace"];
const READS = ["get", "head", "options", "query", "trace"];
interface Found {
  readonly method: string;
  readonly path: string;
  readonly tag: string;
  readonly label: string;
  readonly name: string;
  /** Alternatives of scopes that are needed together; `undefined` without security. */
  readonly scopes: readonly (readonly string[])[] | undefined;
}

/** Whether a value is an OpenAPI or Swagger document. */
export const isOpenApi = (value: unknown): boolean => isObject(value) && ("openapi" in value || "swagger" in value);

/** A draft from the operations of a document. */
export function draftFromOpenApi(value: unknown, name: string): Draft {
  const found = isOpenApi(value) ? operationsOf(value as Record<string, unknown>) : [];
  if (found.length === 0)
    throw new Fault(
      `${name} has no operations of openapi; give a document with \`openapi\` and \`paths\``,
      "no-openapi",
    );
  const scopes = [...new Set(found.flatMap(({ scopes }) => (scopes ?? []).flat()))];
  const [ids, operationIds] = [new Ids(), new Ids()];
  const notes: string[] = [];
  const privileges: DraftPrivilege[] = [];
  const scopeIds = new Map(scopes.map((scope) => [scope, ids.of(scope, "scope")]));
  for (const [label, id] of scopeIds) privileges.push({ id, kind: "flag", label });
  const open: string[] = [];
  const tagIds = new Map<string, string>();
  const levelOf = (tag: string, isRead: boolean) => {
    if (!tagIds.has(tag)) tagIds.set(tag, ids.of(tag, "area"));
    return `${tagIds.get(tag)} >= ${isRead ? "view" : "edit"}`;
  };
  const operations = found.map(({ method, path, tag, label, name, scopes }): DraftOperation => {
    const about = {
      id: operationIds.of(name, `${method}-operation`),
      label,
      section: tag,
      note: `${method.toUpperCase()} ${path}`,
    };
    const needed = scopes?.filter((all) => all.length > 0) ?? [];
    if (needed.length > 0)
      return {
        ...about,
        requires: needed.map((all) => all.map((scope) => scopeIds.get(scope)!).join(" and ")).join(" or "),
      };
    if (scopes?.length === 0) open.push(`${method.toUpperCase()} ${path}`);
    return { ...about, requires: levelOf(tag, READS.includes(method)) };
  });
  for (const [tag, id] of tagIds) {
    const used = operations
      .filter(({ requires }) => requires.startsWith(`${id} >= `))
      .map(({ requires }) => requires.slice(-4));
    const levels = [
      { id: "view", label: "View" },
      { id: "edit", label: "Edit" },
    ].filter((level) => used.includes(level.id));
    privileges.push({ id, kind: "level", label: tag, levels });
    notes.push(
      `${tag}: operations without scopes need ${levels.map(({ label }) => label).join(" or ")} of the privilege ${id}, by their method.`,
    );
  }
  if (open.length > 0) notes.push(`Without security in the document, and guarded in the draft: ${open.join(", ")}.`);
  notes.push("The document has no roles; add them, or grant privileges to people.");
  return { privileges, roles: [], operations, notes };
}

function operationsOf(document: Record<string, unknown>): Found[] {
  const paths = isObject(document.paths) ? document.paths : {};
  return Object.entries(paths).flatMap(([path, item]) => {
    if (!isObject(item)) return [];
    return METHODS.flatMap((method): Found[] => {
      const operation = item[method];
      if (!isObject(operation)) return [];
      const { operationId, summary, tags } = operation;
      const [first] = Array.isArray(tags) ? tags : [];
      const tag =
        typeof first === "string" && first !== ""
          ? first
          : (path.split("/").find((part) => part !== "" && !part.startsWith("{")) ?? "API");
      const name =
        typeof operationId === "string" && operationId !== ""
          ? operationId
          : `${path.replace(/[{}]/g, "").split("/").filter(Boolean).join(".")}.${method}`;
      const label = typeof summary === "string" && summary.trim() !== "" ? summary : `${method.toUpperCase()} ${path}`;
      return [{ method, path, tag, label, name, scopes: scopesOf(operation.security ?? document.security) }];
    });
  });
}

/** The scopes of security requirements: one of the alternatives is needed, and all of its scopes. */
function scopesOf(security: unknown): string[][] | undefined {
  if (!Array.isArray(security)) return undefined;
  return security
    .filter(isObject)
    .map((schemes) => Object.values(schemes).flatMap((scopes) => (Array.isArray(scopes) ? scopes.map(String) : [])));
}
