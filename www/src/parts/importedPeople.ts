import { useEffect, useState } from "preact/hooks";
import { type App, useApp } from "../state/app.js";
import { store } from "../state/store.js";
import type { Facts } from "../state/types.js";
import type { Effect } from "../views/import/protocol.js";

/** A person of the imported file who was found, and what opens them. */
export interface FoundPerson {
  readonly row: number;
  readonly name: string;
  open(): void;
}

const NOBODY: readonly FoundPerson[] = [];

/** The first people of the imported file whose names have the words of a search. What reads the file is loaded then. */
export function useImportedPeople(app: App, search: string, count: number): readonly FoundPerson[] {
  const [found, setFound] = useState(NOBODY);
  const { workspace, model, content } = app;
  useEffect(() => {
    if (search.trim() === "") return setFound(NOBODY);
    let current = true;
    const find = async () => {
      const [{ importOf }, { opener }] = await Promise.all([
        import("../views/import/people.js"),
        import("../views/matrix/openPerson.js"),
      ]);
      const imported = importOf(workspace.id);
      await imported.restore(model, content);
      await imported.refresh(model, content);
      if (imported.phase.is !== "resolved" || !imported.client) return NOBODY;
      const without = content.people.flatMap((it) => (imported.has(it) && it.row !== undefined ? it.row : []));
      const { people } = await imported.client.list({ search, without, from: 0, count });
      const open = opener(app, imported);
      return people.map(({ row, name }) => ({ row, name, open: () => open({ row, name }) }));
    };
    const timer = setTimeout(() => {
      find().then(
        (people) => current && setFound(people),
        () => current && setFound(NOBODY), // offline before it was loaded, or another import follows
      );
    }, 120);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [search, workspace.id, content]);
  return found;
}

/**
 * What settings of the installation would do to the imported people; `undefined` if nobody is imported. The code that reads the
 * imported file is loaded only if there is a file.
 */
export function useImportedEffect(facts: Facts): Effect | undefined {
  const { workspace, model, content } = useApp();
  const [effect, setEffect] = useState<Effect>();
  const key = JSON.stringify(facts);
  useEffect(() => {
    let current = true;
    setEffect(undefined);
    const find = async () => {
      if (!(await store.hasImport(workspace.id))) return undefined;
      const { importOf } = await import("../views/import/people.js");
      const imported = importOf(workspace.id);
      await imported.restore(model, content);
      await imported.refresh(model, content);
      if (imported.phase.is !== "resolved") return undefined;
      return imported.client?.effect({ facts: { ...content.facts, ...facts }, roles: content.roles });
    };
    if (key !== "{}")
      find().then(
        (found) => current && setEffect(found),
        () => undefined, // offline before it was loaded, or another import follows
      );
    return () => {
      current = false;
    };
  }, [workspace.id, content, key]);
  return effect;
}
