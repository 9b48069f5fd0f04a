// Who is signed in. A server would answer the endpoint from its own data; here the people are in the page.
import { open } from "privet";
import { connect } from "privet/elements";
import { liveStore } from "privet/live";
import { pack } from "privet/policies/contact";

const contact = open(pack);
const people = {
  ann: { grants: { reports: "view-only" } },
  bob: { grants: { reports: "modify", "routing-flows": "modify" } },
};
let person = "ann";
const store = liveStore(contact, { endpoint: async () => contact.session(people[person]) });
connect(store, { announce: ({ gained, lost }) => `${gained.length} more, ${lost.length} fewer` });

const part = (id) => document.getElementById(id);
part("person").addEventListener("change", ({ target }) => {
  person = target.value;
  store.refresh();
});
part("switch").addEventListener("click", () => {
  store.facts({ "flow-editor": store.get().subject().facts?.["flow-editor"] !== true });
});
part("out").addEventListener("click", () => store.signOut());

/** The menu as nested lists. */
function list(items) {
  return items
    .filter(({ state }) => state === "shown")
    .map(({ label, children }) => {
      const item = document.createElement("li");
      item.append(label);
      if (children.length > 0) {
        const below = document.createElement("ul");
        below.append(...list(children));
        item.append(below);
      }
      return item;
    });
}

function render() {
  const session = store.get();
  part("signed-out").hidden = session !== undefined || store.status() === "loading";
  document.querySelector("header").hidden = session === undefined;
  document.querySelector("nav ul").replaceChildren(...list(session?.menu() ?? []));
}
store.subscribe(render);
render();
