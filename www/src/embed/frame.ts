// The preview inside another page: it shows what that page gives, keeps nothing, and tells it each change.
import { newWorkspace, shippedFacts } from "../state/examples.js";
import { loadModel } from "../state/model.js";
import { policies } from "../state/types.js";
import type { BuiltIn, Content, Person } from "../state/types.js";
import { newPerson, subjectOf } from "../state/workspace.js";
import type { Opened } from "../state/workspaces.js";
import { text } from "../text/index.js";
import { type ChangeMessage, type OpenMessage, type ReadyMessage, themed } from "./messages.js";

/** Whether the page is embedded. */
export const isEmbedded =
  globalThis.location !== undefined && new URLSearchParams(location.search).has("embedded") && parent !== window;

let host = "";

/** Waits for the product's page to say what to show, each time that it does. */
export function onOpen(open: (message: OpenMessage) => void): () => void {
  const hear = (event: MessageEvent<OpenMessage>) => {
    if (event.source !== parent || event.data?.type !== "privet-open") return;
    host = event.origin;
    for (const [name, value] of Object.entries(event.data.theme ?? {}))
      if (themed.includes(name)) document.documentElement.style.setProperty(name, value);
    open(event.data);
  };
  addEventListener("message", hear);
  const ready: ReadyMessage = { type: "privet-ready" };
  parent.postMessage(ready, "*"); // it has no data
  return () => removeEventListener("message", hear);
}

/** The workspace of what the product's page gave. */
export async function openEmbedded({ policy, people, facts, unread }: OpenMessage): Promise<Opened> {
  if (unread !== undefined) throw new Error(text.errors.unread(unread));
  const known = policies.find((id) => id === policy) as BuiltIn | undefined;
  const model = await loadModel(known ?? "own", known ? undefined : policy);
  const opened = newWorkspace(model, "embedded", known ?? "own", known ? {} : { text: policy });
  const given: Person[] = [];
  for (const { name, subject } of people ?? [])
    given.push(
      newPerson(
        name,
        subject,
        given.map(({ id }) => id),
        text.savePoint.start,
      ),
    );
  const content: Content = {
    ...opened.content,
    facts: { ...shippedFacts(model), ...facts },
    ...(given.length > 0 && { people: given }),
  };
  return { model, workspace: { ...opened, content } };
}

/** Tells the product's page what has changed. People have their own facts; those of the installation are beside them. */
export function tell(content: Content, did: string): void {
  if (!isEmbedded || host === "") return;
  const people = content.people.map((person) => ({
    name: person.name,
    subject: { ...person.subject, roles: subjectOf(content, person).roles ?? [] },
  }));
  const message: ChangeMessage = { type: "privet-change", did, people, facts: content.facts };
  parent.postMessage(message, host);
}
