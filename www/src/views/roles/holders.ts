import { useApp } from "../../state/app.js";
import { holdersOf } from "../../state/workspace.js";
import { useImported } from "../import/people.js";

/** How many people hold a role: those here, and the imported ones who have not been opened here. */
export function useHolderCounts(): (role: string) => { readonly here: number; readonly imported: number } {
  const { model, content } = useApp();
  const { resolved, imported } = useImported();
  return (role) => {
    const here = holdersOf(model, content, role);
    const opened = here.filter((it) => imported.has(it)).length;
    return { here: here.length, imported: Math.max(0, (resolved?.holders[role] ?? 0) - opened) };
  };
}
