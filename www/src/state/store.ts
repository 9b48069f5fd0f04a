// Workspaces and imported files in this browser (IndexedDB). Nothing is sent anywhere.
import { openDB } from "idb";
import type { DBSchema, IDBPDatabase } from "idb";
import type { Workspace } from "./types.js";

/** An imported file, with what its columns mean. */
interface StoredImport {
  readonly name: string;
  readonly file: Blob;
  readonly meanings: readonly string[];
  readonly options: { readonly [option: string]: string | number | undefined };
}

interface Schema extends DBSchema {
  workspaces: { key: string; value: Workspace };
  imports: { key: string; value: StoredImport };
  /** Meanings of columns by the titles of a file. */
  mappings: { key: string; value: readonly string[] };
}

let opened: Promise<IDBPDatabase<Schema>> | undefined;
const database = () =>
  (opened ??= openDB<Schema>("privet", 1, {
    upgrade(db) {
      for (const name of ["workspaces", "imports", "mappings"] as const) db.createObjectStore(name);
    },
  }));

/** Storage may be blocked or full: reading then finds nothing, and writing tells so. */
async function read<T>(get: (db: IDBPDatabase<Schema>) => Promise<T>): Promise<T | undefined> {
  try {
    return await get(await database());
  } catch {
    return undefined;
  }
}

export const store = {
  workspace: (id: string) => read((db) => db.get("workspaces", id)),
  workspaces: async () => (await read((db) => db.getAll("workspaces"))) ?? [],
  import: (workspace: string) => read((db) => db.get("imports", workspace)),
  hasImport: async (workspace: string) => (await read((db) => db.count("imports", workspace))) === 1,
  mapping: (titles: string) => read((db) => db.get("mappings", titles)),
  saveWorkspace: async (workspace: Workspace) =>
    void (await (await database()).put("workspaces", workspace, workspace.id)),
  /** Writes what is asked; the rest only where the workspace has not been kept yet. */
  saveQuestion: async (workspace: Workspace) => {
    const { store } = (await database()).transaction("workspaces", "readwrite");
    const kept = (await store.get(workspace.id)) ?? workspace;
    await store.put({ ...kept, question: workspace.question } as Workspace, workspace.id);
  },
  saveImport: async (workspace: string, it: StoredImport) =>
    void (await (await database()).put("imports", it, workspace)),
  saveMapping: async (titles: string, meanings: readonly string[]) =>
    void (await (await database()).put("mappings", meanings, titles)),
  copyImport: async (from: string, to: string) => {
    const db = await database();
    const kept = await db.get("imports", from);
    if (kept) await db.put("imports", kept, to);
  },
  deleteImport: async (workspace: string) => void (await (await database()).delete("imports", workspace)),
  deleteWorkspace: async (id: string) => {
    const db = await database();
    await Promise.all([db.delete("workspaces", id), db.delete("imports", id)]);
  },
};
