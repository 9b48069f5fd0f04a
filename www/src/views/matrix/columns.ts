// The columns of the matrix: roles, or people, of whom a page is shown at a time.
import type { Session } from "privet";
import { useEffect, useMemo, useState } from "preact/hooks";
import { useApp } from "../../state/app.js";
import { matches } from "../../state/find.js";
import { roleSession, rolesIn } from "../../state/roles.js";
import { newPerson, sessionOf } from "../../state/workspace.js";
import type { Imported } from "../import/people.js";
import type { Listed } from "../import/protocol.js";

export interface Column {
  readonly id: string;
  readonly name: string;
  readonly note: string;
  readonly session: Session;
  readonly isDraft: boolean;
  /** What the draft was made from: cells that it adds are marked. */
  readonly before?: Session | undefined;
  /** A person of the imported file, who is not opened yet. */
  readonly imported?: { readonly row: number; readonly name: string };
}

/** The most people who have a column at a time. */
export const PEOPLE = 50;

/** Roles, those that open most first. */
export function useRoleColumns(): readonly Column[] {
  const { model, content } = useApp();
  return useMemo(() => {
    const roles = rolesIn(model, content);
    return roles
      .map((role): Column => {
        const session = roleSession(model, content, role);
        const base =
          role.kind === "changed"
            ? { ...role, kind: "policy" as const, grants: model.roles.get(role.id)?.grants ?? role.grants }
            : roles.find(({ id }) => id === role.base);
        return {
          id: role.id,
          name: role.name,
          note: String(session.allowed().length),
          session,
          isDraft: role.kind !== "policy",
          before: role.kind !== "policy" && base ? roleSession(model, content, base) : undefined,
        };
      })
      .sort((a, b) => b.session.allowed().length - a.session.allowed().length);
  }, [model, content]);
}

export interface PeoplePage {
  readonly columns: readonly Column[];
  readonly from: number;
  /** How many people match, here and in the imported file. */
  readonly total: number;
  readonly search: string;
  move(from: number): void;
  find(search: string): void;
}

/** People of the workspace, then those of the imported file who are not among them: a page of those whose names match. */
export function usePeopleColumns(imported: Imported, isShown: boolean): PeoplePage {
  const { model, content } = useApp();
  const [from, move] = useState(0);
  const [search, setSearch] = useState("");
  const [listed, setListed] = useState<Listed>({ total: 0, people: [] });
  const { client, phase } = imported;
  const resolved = phase.is === "resolved" ? phase.resolved : undefined;
  const here = useMemo(() => content.people.filter(({ name }) => matches(name, search)), [content.people, search]);
  const start = Math.max(0, from - here.length);
  const count = PEOPLE - here.slice(from, from + PEOPLE).length;
  useEffect(() => {
    if (!isShown) return;
    if (!resolved || !client) return setListed({ total: 0, people: [] });
    let current = true;
    const without = content.people.flatMap((it) => (imported.has(it) && it.row !== undefined ? it.row : []));
    client.list({ search, without, from: start, count }).then(
      (found) => current && setListed(found),
      () => undefined, // the worker was stopped: another import follows
    );
    return () => {
      current = false;
    };
  }, [isShown, resolved, client, search, start, count, content.people]);
  const columns = useMemo((): Column[] => {
    const column = { note: "", isDraft: false };
    const opened = here
      .slice(from, from + PEOPLE)
      .map((it) => ({ ...column, id: it.id, name: it.name, session: sessionOf(model, content, it) }));
    const others = listed.people.map(({ row, name, subject }) => ({
      ...column,
      id: `row ${row}`,
      name,
      session: sessionOf(model, content, newPerson(name, subject, [], "")),
      imported: { row, name },
    }));
    return [...opened, ...others];
  }, [model, content, here, from, listed]);
  return {
    columns,
    from,
    total: here.length + listed.total,
    search,
    move,
    find(search) {
      setSearch(search);
      move(0);
    },
  };
}
