// What a privilege opens for a person, and what it waits for: found by trying it on their session.
import type { GrantValue, Session } from "privet";
import type { DormantGrant, Studio } from "privet/studio";
import { text } from "../text/index.js";
import { formatValue, signs } from "./format.js";
import type { Model, PrivilegeInfo } from "./model.js";
import { memo } from "./memo.js";

/** The most that can be granted of a privilege. */
export const most = ({ kind, levels, options, max }: PrivilegeInfo): GrantValue =>
  kind === "level"
    ? (levels?.at(-1)?.id ?? true)
    : kind === "choice"
      ? (options?.[0]?.id ?? true)
      : kind === "set"
        ? (options ?? []).map(({ id }) => id)
        : kind === "number"
          ? (max ?? 1_000_000)
          : true;

const tried = (session: Session, privilege: string, value: GrantValue | null): Session | undefined => {
  try {
    return session.with({ set: { [privilege]: value } });
  } catch {
    return undefined; // a role still grants it
  }
};

const opened = memo<Session, readonly string[]>();
/** The operations that a privilege opens: those that its grant adds, or that would go without it. Memoised. */
export const opens = (session: Session, privilege: PrivilegeInfo): readonly string[] =>
  opened(session, privilege.id, () => {
    const { granted } = session.holds(privilege.id);
    const other = tried(session, privilege.id, granted === undefined ? most(privilege) : null);
    const { gained, lost } = other ? session.diff(other) : { gained: [], lost: [] };
    return granted === undefined ? gained : lost;
  });

const dormantOf = new WeakMap<Session, readonly DormantGrant[]>();
/** Grants without effect. Memoised. */
export function dormant(studio: Studio, session: Session): readonly DormantGrant[] {
  const found = dormantOf.get(session) ?? studio.dormant(session);
  dormantOf.set(session, found);
  return found;
}

/** What has to hold before a grant has an effect, in words; empty where it has one at once. */
export function waitsFor(studio: Studio, model: Model, session: Session, privilege: PrivilegeInfo): string {
  if (privilege.requires === undefined && !privilege.levels?.some(({ requires }) => requires)) return "";
  const { granted } = session.holds(privilege.id);
  const holder = granted === undefined ? tried(session, privilege.id, most(privilege)) : session;
  const found = holder && dormant(studio, holder).find((it) => it.privilege === privilege.id);
  return found ? missingWords(model, found) : "";
}

/** The failing tests of a dormant grant, as conditions in words. */
const missingWords = (model: Model, grant: DormantGrant): string =>
  text.and([
    ...new Set(
      grant.missing.map(({ test, because }) =>
        because ? missingWords(model, because) || testWords(model, test) : testWords(model, test),
      ),
    ),
  ]);

/** What is missing for a dormant grant, as names: “Sender and User Level 8”. */
export function missingNames(model: Model, grant: DormantGrant): string {
  const names = (of: DormantGrant): string[] =>
    of.missing.flatMap(({ test, because }) => [
      ...(because ? names(because) : []),
      ...(/^\S+$/.test(test) ? [model.label(test)] : [testWords(model, test)]),
    ]);
  return text.and([...new Set(names(grant))]);
}

/** A failing test as what would be right: “Allow Emails is on”, “User Level is at least 8”. */
function testWords(model: Model, test: string): string {
  const [, id = "", op = "", value = ""] = /^(\S+?)(?:\s*(>=|<=|!=|=|>|<)\s*(\S+))?$/.exec(test) ?? [];
  if (!id || (!model.facts.has(id) && !model.privileges.has(id)))
    return test.replace(/[\w.:-]+/g, (word) => model.label(word));
  const label = model.label(id);
  if (op === "") return `${label} ${model.facts.has(id) ? text.why.isOn : text.why.isGranted}`;
  const sign = op === "=" ? "" : (signs()[op] ?? op);
  return `${label} ${text.why.isValue(`${sign} ${formatValue(model, id, /^\d+$/.test(value) && !model.privileges.get(id)?.levels ? Number(value) : value)}`.trim())}`;
}
