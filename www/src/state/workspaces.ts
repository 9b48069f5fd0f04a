// Opens workspaces: those kept in this browser, the examples, and those that a link or a file carries.
import { text } from "../text/index.js";
import { newWorkspace, openingContent, shippedFacts } from "./examples.js";
import { isShared } from "./facts.js";
import { type Model, loadModel } from "./model.js";
import { markAsKept } from "./saving.js";
import { SERVED, meansServed, servedText } from "./served.js";
import { store } from "./store.js";
import { policies } from "./types.js";
import type { BuiltIn, Carried, Content, Step, Workspace } from "./types.js";
import { sessionOf } from "./workspace.js";

export interface Opened {
  readonly model: Model;
  readonly workspace: Workspace;
  readonly notice?: string;
}

const isBuiltIn = (id: string): id is BuiltIn => policies.some((it) => it === id);

/** Opens a kept workspace or an example; with an unknown id the first example. */
export async function openWorkspace(id: string): Promise<Opened> {
  const served = meansServed(id) ? servedText() : undefined;
  if (served !== undefined) return openServed(served);
  const early = isBuiltIn(id) ? loadModel(id, undefined) : undefined;
  early?.catch(() => undefined);
  const kept = id === "" ? undefined : await store.workspace(id);
  if (!kept && !isBuiltIn(id))
    return { ...(await openWorkspace("vicidial")), ...(id !== "" && { notice: text.errors.workspace }) };
  const model = await (early ?? loadModel(kept?.policy ?? "vicidial", kept?.text));
  if (!kept) return { model, workspace: newWorkspace(model, id, id as BuiltIn) };
  markAsKept(kept);
  return { model, workspace: kept };
}

/**
 * The workspace of the policy that `privet serve` serves, with a version of it. The people stay, as far as the version accepts them: those of
 * the version before, else those kept in this browser for the same policy.
 */
export async function openServed(document: string, before?: Workspace): Promise<Opened> {
  const model = await loadModel("own", document);
  const was = before ?? (await keptOf(model));
  const name = model.described.title;
  const fresh = newWorkspace(model, SERVED, "own", { text: document, name });
  if (!was) return { model, workspace: fresh };
  const reason = accepts(model, was.content);
  if (reason !== undefined) return { model, workspace: fresh, notice: text.errors.served(reason) };
  const isAccepted = ({ content }: Step) => accepts(model, content) === undefined;
  const { draft, ...rest } = was;
  const workspace = {
    ...rest,
    text: document,
    name,
    past: was.past.filter(isAccepted),
    future: was.future.filter(isAccepted),
    ...(draft !== undefined && draft !== was.text && { draft }),
  };
  return { model, workspace };
}

/** What this browser has kept of the served policy; another one may have been served at the same address. */
async function keptOf(model: Model): Promise<Workspace | undefined> {
  const kept = await store.workspace(SERVED);
  if (kept?.text === undefined) return undefined;
  const known = await loadModel("own", kept.text).catch(() => undefined);
  return known?.described.id === model.described.id ? kept : undefined;
}

/** A workspace of what a link or file carries. The same data opens the same workspace. */
export async function openCarried(carried: Carried, prefix: string): Promise<Opened> {
  const id = `${prefix}-${await digest(JSON.stringify(carried))}`;
  const kept = await store.workspace(id);
  const model = await loadModel(carried.policy, carried.text);
  const requests = carried.request ? [{ ...carried.request, state: "received" as const }] : [];
  if (kept) {
    markAsKept(kept);
    return { model, workspace: kept };
  }
  const more = {
    name: carried.name ?? text.workspaces.linked(model.described.title),
    ...carried.kept,
    requests: [...(carried.kept?.requests ?? []), ...requests],
    ...(carried.text !== undefined && { text: carried.text }),
  };
  try {
    const content = fitting(model, carried);
    return { model, workspace: newWorkspace(model, id, carried.policy, { ...more, content }) };
  } catch (error) {
    return {
      model,
      workspace: newWorkspace(model, id, carried.policy, more),
      notice: text.errors.people((error as Error).message),
    };
  }
}

/** The content of a link for a policy: facts of the installation that people carry are moved out of them. */
function fitting(model: Model, { content, policy }: Carried): Content {
  if (!content) return openingContent(model, policy);
  const carriedFacts = Object.assign({}, ...content.people.map(({ subject }) => subject.facts)) as Content["facts"];
  const shared = Object.fromEntries(Object.entries(carriedFacts).filter(([id]) => isShared(model.facts.get(id))));
  const own = (facts: object = {}) =>
    Object.fromEntries(Object.entries(facts).filter(([id]) => !isShared(model.facts.get(id))));
  const people = content.people.map((person) => {
    const subject = { ...person.subject, facts: own(person.subject.facts) } as typeof person.subject;
    const saved =
      person.saved.subject === person.subject
        ? subject
        : ({ ...person.saved.subject, facts: own(person.saved.subject.facts) } as typeof subject);
    return {
      ...person,
      subject,
      saved: { ...person.saved, subject: saved, name: person.saved.name || text.savePoint.start },
    };
  });
  const fitted = { ...content, people, facts: { ...shippedFacts(model), ...shared, ...content.facts } };
  for (const person of people) sessionOf(model, fitted, person);
  return fitted;
}

async function digest(data: string): Promise<string> {
  const bytes = new TextEncoder().encode(data);
  if (!globalThis.crypto?.subtle) return `${bytes.length}-${Date.now().toString(36)}`; // not on a secure origin
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash.slice(0, 6), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Fits what people hold to another version of their policy: what it no longer accepts is told, and left as it was in the old one. */
export function accepts(model: Model, content: Content): string | undefined {
  try {
    for (const person of content.people) sessionOf(model, content, person);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
