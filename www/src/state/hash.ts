// The address has the question alone: `#view/workspace?key=value&…`. A copied link also carries the data, compressed in `d`.
import { compareModes, matrixModes, panes, policies, reportKinds, requestStates, views } from "./types.js";
import type { AccessRequest, Ask, Carried, Content, Person, Question, View } from "./types.js";

const words = ["who", "item", "op", "search", "left", "right", "guide", "role", "fact", "request", "tab"] as const;
const flags = ["exact", "everything"] as const;
/** Views of links of earlier versions. */
const aliases: { readonly [view: string]: View } = {
  preview: "person",
  guide: "guides",
  review: "requests",
  organisation: "matrix",
  request: "requests",
  report: "reports",
};

/** The most characters of a hash, and the most bytes that its data may have when it is inflated: those of a policy document, and some people. */
const MOST_CHARACTERS = 1 << 20;
const MOST_BYTES = 20 << 20;
/** The most people of a link. */
const MOST_PEOPLE = 1000;

/** A link that has more than the page reads. */
export class LargeLinkError extends Error {}

export const noQuestion: Question = {
  view: "person",
  who: "",
  item: "",
  op: "",
  pane: "",
  exact: false,
  search: "",
  left: "",
  right: "",
  mode: "people",
  everything: false,
  guide: "",
  role: "",
  fact: "",
  matrix: "roles",
  report: "operation",
  request: "",
  tab: "",
  actors: {},
};

/** The question as an address; what is the default of the workspace is left out. */
export function write(question: Question, workspace: string, initial: Question): string {
  const query = new URLSearchParams();
  for (const key of [...words, "pane", "mode", "matrix", "report"] as const)
    if (question[key] !== initial[key]) query.set(key, question[key]);
  for (const key of flags) if (question[key]) query.set(key, "1");
  for (const [who, person] of Object.entries(question.actors)) query.set(`as.${who}`, person);
  const parameters = query.toString();
  return `#${question.view}/${workspace}${parameters && `?${parameters}`}`;
}

/** A link that opens the question with its data anywhere. */
export async function link(question: Question, carried: Carried, initial: Question): Promise<string> {
  const address = write(question, carried.policy === "own" ? "own" : carried.policy, initial);
  return `${address}${address.includes("?") ? "&" : "?"}d=${await compress(JSON.stringify(carried))}`;
}

interface Address {
  readonly workspace: string;
  readonly ask: Ask;
  readonly carried?: Carried;
}

/**
 * Parses an address. Invalid parameters are ignored; damaged data is an error.
 *
 * @throws LargeLinkError, before more than {@link MOST_BYTES} are inflated.
 */
export async function read(hash: string): Promise<Address> {
  if (hash.length > MOST_CHARACTERS) throw new LargeLinkError();
  const [path = "", parameters = ""] = hash.replace(/^#/, "").split("?", 2);
  const [view = "", workspace = ""] = path.split("/");
  const query = new URLSearchParams(parameters);
  const ask: { -readonly [K in keyof Question]?: Question[K] } = {};
  ask.view = views.find((it) => it === view) ?? aliases[view] ?? "person";
  for (const key of words) if (query.has(key)) ask[key] = query.get(key) ?? "";
  for (const key of flags) if (query.get(key) === "1") ask[key] = true;
  const one = <T extends string>(key: string, values: readonly T[]) => values.find((it) => it === query.get(key));
  const [pane, mode] = [one("pane", panes), one("mode", compareModes)];
  const [matrix, report] = [one("matrix", matrixModes), one("report", reportKinds)];
  if (pane) ask.pane = pane;
  if (mode) ask.mode = mode;
  if (matrix) ask.matrix = matrix;
  if (report) ask.report = report;
  const actors = [...query].filter(([key]) => key.startsWith("as."));
  if (actors.length > 0) ask.actors = Object.fromEntries(actors.map(([key, who]) => [key.slice(3), who]));
  const data = query.get("d");
  if (!data) return { workspace: decodeURIComponent(workspace), ask };
  return { workspace, ask, carried: carriedOf(JSON.parse(await decompress(data)), workspace) };
}

/** Reads what a link or an exported file carries. What is not of the right shape is an error. */
export function carriedOf(data: unknown, workspace = ""): Carried {
  const { policy, name, text, content, request, people, kept } = (data ?? {}) as { [key: string]: unknown };
  const known = [...policies, "own"].find((it) => it === (policy ?? workspace)) as Carried["policy"] | undefined;
  if (!known) throw new TypeError("the data names no policy");
  const found = content ?? (people === undefined ? undefined : { facts: {}, people: people as unknown, roles: [] });
  return {
    policy: known,
    ...(typeof name === "string" && { name }),
    ...(typeof text === "string" && { text }),
    ...(found !== undefined && { content: contentOf(found) }),
    ...(isRequest(request) && { request }),
    ...(isObject(kept) && { kept: keptOf(kept) }),
  };
}

function keptOf({ requests, versions, groups, draft }: { [key: string]: unknown }): NonNullable<Carried["kept"]> {
  const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
  return {
    requests: list(requests)
      .filter(isRequest)
      .map((it) => ({
        ...it,
        at: Number(it.at) || 0,
        state: requestStates.find((state) => state === it.state) ?? "draft",
      })),
    versions: list(versions).flatMap((it) =>
      isObject(it) && typeof it.name === "string" && typeof it.at === "number" && typeof it.text === "string"
        ? [{ name: it.name, at: it.at, text: it.text }]
        : [],
    ),
    groups: Object.fromEntries(
      Object.entries(isObject(groups) ? groups : {}).filter(
        (entry): entry is [string, string] => typeof entry[1] === "string",
      ),
    ),
    ...(typeof draft === "string" && { draft }),
  };
}

const isObject = (value: unknown): value is { [key: string]: unknown } =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isRequest = (value: unknown): value is AccessRequest =>
  isObject(value) &&
  ["id", "person", "operation", "to"].every((key) => typeof value[key] === "string") &&
  isObject(value.change);

function contentOf(value: unknown): Content {
  if (!isObject(value) || !Array.isArray(value.people)) throw new TypeError("the data has no people");
  if (value.people.length > MOST_PEOPLE) throw new LargeLinkError();
  const ids = new Set<string>();
  const people = value.people.map((it: unknown, index): Person => {
    if (!isObject(it) || typeof it.name !== "string" || !isObject(it.subject))
      throw new TypeError("the data has no people");
    let id = typeof it.id === "string" && it.id !== "" ? it.id : `p${index}`;
    if (ids.has(id)) id = `p${index}`;
    ids.add(id);
    const subject = it.subject as Person["subject"];
    const roles = Array.isArray(it.roles) ? (it.roles as string[]) : [];
    const saved =
      isObject(it.saved) && isObject(it.saved.subject) ? (it.saved as unknown as Person["saved"]) : undefined;
    return {
      id,
      name: it.name,
      subject,
      roles,
      saved: { subject: saved?.subject ?? subject, roles: saved?.roles ?? roles, name: String(saved?.name ?? "") },
      ...((it.pronoun === "she" || it.pronoun === "he") && { pronoun: it.pronoun }),
    };
  });
  if (people.length === 0) throw new TypeError("the data has no people");
  return {
    facts: (isObject(value.facts) ? value.facts : {}) as Content["facts"],
    people,
    roles: (Array.isArray(value.roles) ? value.roles : []).filter(
      (role) => isObject(role) && typeof role.id === "string" && typeof role.name === "string" && isObject(role.grants),
    ) as Content["roles"],
  };
}

async function compress(text: string): Promise<string> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

async function decompress(text: string): Promise<string> {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const stream = new Blob([Uint8Array.from(binary, (char) => char.charCodeAt(0))]).stream();
  const reader = stream.pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const decoder = new TextDecoder();
  let inflated = "";
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return inflated + decoder.decode();
    length += value.length;
    if (length > MOST_BYTES) {
      await reader.cancel();
      throw new LargeLinkError();
    }
    inflated += decoder.decode(value, { stream: true });
  }
}
