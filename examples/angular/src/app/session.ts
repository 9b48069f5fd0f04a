// Who is signed in. A server would answer the endpoint from its own data; here the people are in the page.
import { open } from "privet";
import { liveStore } from "privet/live";
import { pack, type Schema } from "privet/policies/contact";

declare module "privet" {
  interface Register {
    schema: Schema; // ids of other policies are errors, also in templates
  }
}

export const contact = open(pack);

export const people = {
  ann: { grants: { reports: "view-only" } },
  bob: { grants: { reports: "modify", "routing-flows": "modify" } },
} as const;

let person: keyof typeof people = "ann";
export const store = liveStore(contact, { endpoint: async () => contact.session(people[person]) });

export function signIn(id: string) {
  person = id as keyof typeof people;
  return store.refresh();
}
