// Who is signed in. A server would answer the endpoint from its own data; here the people are in the page.
import { open } from "privet";
import { liveStore } from "privet/live";
import { pack } from "privet/policies/contact";

export const contact = open(pack);

export const people = {
  ann: { grants: { reports: "view-only" } },
  bob: { grants: { reports: "modify", "routing-flows": "modify" } },
};

let person = "ann";
export const store = liveStore(contact, { endpoint: async () => contact.session(people[person]) });

export function signIn(id) {
  person = id;
  return store.refresh();
}
