import { Glyph } from "../../parts/ui.js";
import { useApp } from "../../state/app.js";
import { menuItems } from "../../state/format.js";
import { text } from "../../text.js";

const MOST = 8;

/** Menu items and operations that match the search, each linked to its explanation. */
export function Found({ search }: { search: string }) {
  const { model, session, go } = useApp();
  const wanted = search.trim().toLowerCase();
  if (wanted === "") return null;
  const items = menuItems(session)
    .filter(({ label }) => label.toLowerCase().includes(wanted))
    .slice(0, MOST);
  const operations = model.described.operations
    .filter(({ label, restricts }) => !restricts && label.toLowerCase().includes(wanted))
    .slice(0, MOST);
  return (
    <>
      {items.length > 0 && <h2 class="found-title">{text.privileges.foundItems}</h2>}
      <ul class="found">
        {items.map(({ id, label, state }) => (
          <li key={id} data-row>
            <button type="button" onClick={() => go({ item: id, op: "", pane: "why" })}>
              <Glyph mark={state} /> {label} <span class="dim">{text.menu.states[state]}</span>
            </button>
          </li>
        ))}
      </ul>
      {operations.length > 0 && <h2 class="found-title">{text.privileges.foundOperations}</h2>}
      <ul class="found">
        {operations.map(({ id, label, menu }) => (
          <li key={id} data-row>
            <button type="button" onClick={() => go({ item: menu[0]?.at(-1)?.id ?? "", op: id, pane: "why" })}>
              <Glyph mark={session.can(id) ? "yes" : "no"} /> {label}{" "}
              <span class="dim">{text.why.decisions[session.decide(id).decision]}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
