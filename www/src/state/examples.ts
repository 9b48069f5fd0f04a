import type { Subject } from "privet";
import type { Model } from "./model.js";
import type { Link, Person, PolicyId } from "./types.js";
import { text } from "../text.js";

interface Example {
  readonly people: readonly Person[];
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
        subject: {
          grants: {
            "user-level": "8",
            ...flags("modify-email-accounts", "modify-ingroups", "modify-inbound-dids", "view-reports"),
          },
        },
      },
      {
        name: "Ada",
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
      { name: "Ben", subject: { roles: ["agent"] } },
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
    item: "campaigns.send",
    people: [
      {
        name: "Lena",
        subject: {
          grants: { ...flags("can-approve-campaigns", "edit-campaigns", "contacts"), accounts: 1 },
          facts: { "account-level": "parent" },
        },
      },
      {
        name: "Finn",
        subject: {
          grants: { ...flags("sender", "edit-campaigns", "contact-exporter"), accounts: 1 },
          facts: { "account-level": "child" },
        },
      },
      { name: "Olu", subject: { grants: { accounts: 2 }, facts: { owner: true, "account-level": "parent" } } },
    ],
  },
};

const initial = new WeakMap<Model, Link>();

/** The initial state for a policy. Memoised by model, so that `write` can compare by identity. */
export function opening(model: Model, id: PolicyId): Link {
  const cached = initial.get(model);
  if (cached) return cached;
  const shipped = Object.fromEntries(
    model.described.facts.flatMap(({ id, default: value }) => (value === undefined ? [] : [[id, value]])),
  );
  const example = examples[id] ?? { people: [{ name: text.people.first, subject: {} }] };
  const people = example.people.map(({ name, subject }) => ({
    name,
    subject: { ...subject, facts: { ...shipped, ...subject.facts } } as Subject,
  }));
  const selection = example.item !== undefined && model.items.has(example.item) ? { item: example.item } : {};
  const link: Link = {
    people,
    saved: people,
    who: 0,
    left: 0,
    right: Math.min(1, people.length - 1),
    pane: "menu",
    kind: "change",
    crowd: 0,
    ...selection,
  };
  initial.set(model, link);
  return link;
}
