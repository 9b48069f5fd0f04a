import type { Subject } from "privet";
import { text } from "../text/index.js";
import { noQuestion } from "./hash.js";
import { isShared } from "./facts.js";
import type { Model } from "./model.js";
import type { Content, Facts, Person, PolicyId, Question, Workspace } from "./types.js";
import { newPerson } from "./workspace.js";

interface Example {
  readonly people: readonly { readonly name: string; readonly pronoun?: "she" | "he"; readonly subject: Subject }[];
  /** The initially selected menu item. */
  readonly item?: string;
}

const flags = (...ids: string[]) => Object.fromEntries(ids.map((id) => [id, true as const]));

// The page opens with Maria: email is off for the installation, and she also lacks the flag. Tom holds the flag, but it
// has no effect while email is off. Ada may change both.
const examples: { readonly [id in PolicyId]?: Example } = {
  vicidial: {
    item: "email-accounts",
    people: [
      {
        name: "Maria",
        pronoun: "she",
        subject: {
          grants: {
            "user-level": "8",
            ...flags(
              "view-reports",
              "modify-users",
              "modify-ingroups",
              "modify-campaigns",
              "campaign-detail",
              "modify-call-times",
            ),
          },
        },
      },
      {
        name: "Tom",
        pronoun: "he",
        subject: {
          grants: {
            "user-level": "8",
            ...flags("modify-email-accounts", "modify-ingroups", "modify-inbound-dids", "view-reports"),
          },
        },
      },
      {
        name: "Ada",
        pronoun: "she",
        subject: {
          grants: {
            "user-level": "9",
            ...flags(
              "view-reports",
              "export-reports",
              "modify-users",
              "delete-users",
              "alter-agent-interface-options",
              "alter-admin-interface-options",
              "modify-same-user-level",
            ),
            ...flags(
              "modify-servers",
              "modify-email-accounts",
              "ast-admin-access",
              "modify-campaigns",
              "campaign-detail",
              "modify-lists",
              "modify-ingroups",
              "modify-phones",
            ),
          },
        },
      },
      { name: "Ben", pronoun: "he", subject: { roles: ["agent"] } },
    ],
  },
  contact: {
    item: "call-handling.call-flows.flow-editor",
    people: [
      {
        name: "Priya",
        subject: { grants: { "routing-flows": "modify", "audio-files": "modify" }, facts: { "flow-editor": false } },
      },
      {
        name: "Sam",
        subject: { roles: ["supervisor"], grants: { reports: "view-only" }, facts: { "flow-editor": false } },
      },
      { name: "Alex", subject: { roles: ["administrator"] } },
      { name: "Jo", subject: { roles: ["base-agent", "voice", "email"], facts: { "flow-editor": false } } },
    ],
  },
  dotdigital: {
    item: "outbox",
    people: [
      {
        name: "Lena",
        pronoun: "she",
        subject: {
          grants: { ...flags("can-approve-campaigns", "edit-campaigns", "contacts"), accounts: 1 },
          facts: { "account-level": "parent" },
        },
      },
      {
        name: "Finn",
        pronoun: "he",
        subject: {
          grants: { ...flags("sender", "edit-campaigns", "contact-exporter"), accounts: 1 },
          facts: { "account-level": "child" },
        },
      },
      { name: "Olu", subject: { grants: { accounts: 2 }, facts: { owner: true, "account-level": "parent" } } },
    ],
  },
};

/** The facts that the product ships with. */
export const shippedFacts = (model: Model): Facts =>
  Object.fromEntries(
    model.described.facts.flatMap((fact) =>
      isShared(fact) && fact.default !== undefined ? [[fact.id, fact.default as never]] : [],
    ),
  );

/** The examples of a policy: the people and the installation as it is shipped. */
export function openingContent(model: Model, id: PolicyId): Content {
  const people: Person[] = [];
  for (const { name, pronoun, subject } of examples[id]?.people ?? [{ name: text.people.first, subject: {} }]) {
    const person = newPerson(
      name,
      subject,
      people.map((it) => it.id),
      text.savePoint.start,
    );
    people.push(pronoun ? { ...person, pronoun } : person);
  }
  return { facts: shippedFacts(model), people, roles: [] };
}

export function newWorkspace(model: Model, id: string, policy: PolicyId, more: Partial<Workspace> = {}): Workspace {
  return {
    id,
    name: model.described.title,
    policy,
    content: openingContent(model, policy),
    past: [],
    future: [],
    requests: [],
    versions: [],
    groups: {},
    ...more,
  };
}

/** The question that a workspace opens with. */
export function openingQuestion(model: Model, { policy, content, question }: Workspace): Question {
  if (question) return { ...noQuestion, ...question };
  const [first, second] = content.people;
  const wanted = examples[policy]?.item ?? "";
  const [item = ""] = model.items.has(wanted)
    ? [wanted]
    : [...model.items.values()].flatMap(({ id, operations }) => (operations.length > 0 ? [id] : []));
  const op = item === "" ? (model.allowable[0]?.id ?? "") : "";
  return { ...noQuestion, op, who: first?.id ?? "", left: first?.id ?? "", right: second?.id ?? first?.id ?? "", item };
}
