import { isServed, servedText } from "./served.js";
import { panes, policies, views } from "./types.js";
import type { Link, Person, State } from "./types.js";

// `#view/policy?key=value&…`. People and a user's own policy are compressed into `d`.

const numbers = ["who", "left", "right", "crowd"] as const;
const flags = ["exact", "time", "everything"] as const;
const words = ["item", "op", "search", "guide"] as const;

/** The most characters of a hash, and the most bytes that its data may have when it is inflated: those of a policy document, and some people. */
const MOST_CHARACTERS = 1 << 20;
const MOST_BYTES = 20 << 20;
/** The most people of a link. */
const MOST_PEOPLE = 1000;

/** A link that has more than the page reads. */
export class LargeLinkError extends Error {}

/** Serializes the state as a URL hash, omitting defaults. */
export async function write(state: State, initial: Link): Promise<string> {
  const query = new URLSearchParams();
  for (const key of [...words, ...numbers, "pane", "kind"] as const) {
    const value = state[key];
    if (value !== undefined && value !== "" && value !== initial[key]) query.set(key, String(value));
  }
  for (const key of flags) if (state[key]) query.set(key, "1");
  for (const [who, row] of Object.entries(state.actors)) query.set(`as.${who}`, String(row));
  const { people, saved, text } = state;
  const data = {
    ...(people !== initial.people && { people }),
    ...(saved !== initial.saved && { saved }),
    ...(text !== undefined && text !== servedText() && { text }),
  };
  if (Object.keys(data).length > 0) query.set("d", await compress(JSON.stringify(data)));
  const parameters = query.toString();
  return `#${state.view}/${state.policy}${parameters && `?${parameters}`}`;
}

/**
 * Parses a URL hash. Invalid parameters are ignored; damaged data is an error.
 *
 * @throws LargeLinkError, before more than {@link MOST_BYTES} are inflated.
 */
export async function read(hash: string): Promise<Link> {
  if (hash.length > MOST_CHARACTERS) throw new LargeLinkError();
  const [path = "", parameters = ""] = hash.replace(/^#/, "").split("?", 2);
  const [view, policy] = path.split("/");
  const query = new URLSearchParams(parameters);
  const link: { -readonly [K in keyof State]?: State[K] } = {};
  link.view = views.find((it) => it === view) ?? "preview";
  link.policy = policy === "own" ? "own" : (policies.find((it) => it === policy) ?? "vicidial");
  for (const key of words) if (query.has(key)) link[key] = query.get(key) ?? "";
  for (const key of numbers) if (/^\d{1,6}$/.test(query.get(key) ?? "")) link[key] = Number(query.get(key));
  for (const key of flags) if (query.get(key) === "1") link[key] = true;
  const pane = panes.find((it) => it === query.get("pane"));
  if (pane) link.pane = pane;
  const kind = (["change", "create", "delete"] as const).find((it) => it === query.get("kind"));
  if (kind) link.kind = kind;
  const actors = [...query].filter(([key, row]) => key.startsWith("as.") && /^\d{1,4}$/.test(row));
  if (actors.length > 0) link.actors = Object.fromEntries(actors.map(([key, row]) => [key.slice(3), Number(row)]));
  const data = query.get("d");
  if (data) Object.assign(link, checked(JSON.parse(await decompress(data))));
  if (isServed && (link.policy === "own" || hash.length < 2)) {
    link.policy = "own";
    link.text ??= servedText() ?? "";
  }
  if (link.policy === "own" && link.text === undefined) link.policy = "vicidial";
  return link;
}

function checked({ people, saved, text }: { [key: string]: unknown }): Link {
  return {
    ...(arePeople(people) && { people }),
    ...(arePeople(saved) && { saved }),
    ...(typeof text === "string" && { text }),
  };
}

function arePeople(value: unknown): value is Person[] {
  const isPerson = (it: Partial<Person> | null) =>
    typeof it?.name === "string" && typeof it.subject === "object" && it.subject !== null;
  if (Array.isArray(value) && value.length > MOST_PEOPLE) throw new LargeLinkError();
  return Array.isArray(value) && value.length > 0 && value.every(isPerson);
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
