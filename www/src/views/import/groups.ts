// Groups of people with identical access: what they can do, and their names.
import type { Model } from "../../state/model.js";
import { text } from "../../text/index.js";
import type { Group } from "./protocol.js";

const sectionsOf = (model: Model) => [...new Set(model.allowable.map(({ section }) => section))];

/** How many operations of each section a group can do. */
export function shares(model: Model, group: Group): { section: string; can: number; all: number }[] {
  const columns = model.policy.operations as readonly string[];
  return sectionsOf(model).map((section) => {
    const all = model.allowable.filter((it) => it.section === section);
    return { section, can: all.filter(({ id }) => group.allowed[columns.indexOf(id)]).length, all: all.length };
  });
}

type Names = { readonly [access: string]: string };
const known = new WeakMap<readonly Group[], { readonly of: Names; readonly names: ReadonlyMap<string, string> }>();

/**
 * The names of groups: the one that was given, else the sections in which a group can do most. Groups that would have the same name are
 * numbered. Memoised by the list.
 */
export function groupNames(model: Model, given: Names, groups: readonly Group[]): (group: Group) => string {
  let cached = known.get(groups);
  if (cached?.of !== given) {
    const times = new Map<string, number>();
    const names = new Map(
      groups.map((group) => {
        const name = given[group.access] ?? ownName(model, group);
        const time = (times.get(name) ?? 0) + 1;
        times.set(name, time);
        return [group.access, time === 1 ? name : text.matrix.sameName(name, time)];
      }),
    );
    cached = { of: given, names };
    known.set(groups, cached);
  }
  const { names } = cached;
  return (group) => names.get(group.access) ?? ownName(model, group);
}

function ownName(model: Model, group: Group): string {
  const most = shares(model, group)
    .filter(({ can }) => can > 0)
    .sort((a, b) => b.can - a.can);
  return text.matrix.groupName(
    most
      .slice(0, 2)
      .map(({ section, can }) => `${section} ${text.n(can)}`)
      .join(", "),
  );
}
