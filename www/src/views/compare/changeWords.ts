// What sets two versions apart for a person, in a few words.
import type { Model } from "../../state/model.js";
import type { Effect } from "../../state/workspace.js";
import { text } from "../../text/index.js";

/** The menu items that come and go, else the operations. Each has the label of the version that has it. */
export function changeWords(
  { gained, lost, shown, hidden }: Omit<Effect, "person">,
  { before, after }: { readonly before: Model["label"]; readonly after: Model["label"] },
): string {
  const menu = [
    shown.length > 0 ? text.installation.appears(few(shown, after)) : "",
    hidden.length > 0 ? text.installation.goes(few(hidden, before)) : "",
  ].filter(Boolean);
  return menu.length > 0 ? menu.join(". ") : [...few(gained, after), ...few(lost, before)].join(", ");
}

/** How many labels are named. */
const FEW = 4;

const few = (ids: readonly string[], label: Model["label"]): string[] =>
  ids.length > FEW
    ? [...ids.slice(0, FEW - 1).map(label), text.matrix.more(ids.length - FEW + 1)]
    : ids.slice(0, FEW).map(label);
