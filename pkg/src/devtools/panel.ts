// The panel: who is tried, and the decisions by render.
import type { Subject } from "../core/types.js";
import { titleOf, verdictWord } from "./overlay.js";
import type { Render } from "./record.js";

/** What the panel asks for. */
export interface PanelActions {
  /** Tries a person; `undefined` is the person of the application. Returns what is wrong with the subject. */
  tryPerson(name: string | undefined, subject: Subject | undefined): string | undefined;
  /** The subject of the application's session, to begin an edit with. */
  subject(): Subject | undefined;
  outline(isShown: boolean): void;
}

/** The panel. */
export interface Panel {
  readonly element: HTMLElement;
  /** Lists renders, the newest first. */
  list(renders: readonly Render[]): void;
}

const make = <Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
};

const OWN = "own";
const EDITED = "edited";

/** Creates the panel for these people. */
export function createPanel(people: Readonly<Record<string, Subject>>, actions: PanelActions): Panel {
  const names = Object.keys(people);
  const option = (value: string, label: string) => make("option", { value }, label);
  const select = make(
    "select",
    { id: "person" },
    option(OWN, "the signed-in person"),
    ...names.map((name, index) => option(String(index), name)),
    option(EDITED, "another person …"),
  );
  const text = make("textarea", { rows: "6", "aria-label": "The subject, as JSON", spellcheck: "false" });
  const apply = make("button", { type: "button", id: "apply" }, "Try");
  const edit = make("div", { hidden: "" }, text, apply);
  const wrong = make("p", { role: "alert", class: "wrong" });
  const outline = make("input", { type: "checkbox", id: "outline" });
  outline.checked = true;
  const renders = make("ol", { id: "renders" });

  const attempt = (name: string | undefined, subject: Subject | undefined) => {
    wrong.textContent = actions.tryPerson(name, subject) ?? "";
  };
  select.addEventListener("change", () => {
    edit.hidden = select.value !== EDITED;
    if (select.value === OWN) attempt(undefined, undefined);
    else if (select.value === EDITED) text.value = JSON.stringify(actions.subject() ?? {}, undefined, 2);
    else {
      const name = names[Number(select.value)] as string;
      attempt(name, people[name]);
    }
  });
  apply.addEventListener("click", () => {
    try {
      attempt("another person", JSON.parse(text.value) as Subject);
    } catch (error) {
      wrong.textContent = String(error);
    }
  });
  outline.addEventListener("change", () => actions.outline(outline.checked));

  const line = ({ decisions, changed, number, at, person }: Render) => {
    const who = person === undefined ? "" : ` as ${person}`;
    const summary = `${number}. ${at.toLocaleTimeString()}${who}: ${decisions.size} decisions, ${changed.size} changed`;
    const rows = [...decisions.values()].map((decision) => {
      const before = changed.get(decision.key);
      const now = verdictWord(decision.verdict);
      const isChanged = changed.has(decision.key);
      const said = before ? `${verdictWord(before.verdict)} → ${now}` : now;
      return make("li", { class: `${now}${isChanged ? " changed" : ""}` }, `${titleOf(decision)}: ${said}`);
    });
    return make("li", {}, make("details", {}, make("summary", {}, summary), make("ul", {}, ...rows)));
  };

  const element = make(
    "details",
    { class: "panel" },
    make("summary", {}, "Privet"),
    make("label", {}, "Person ", select),
    edit,
    wrong,
    make("label", {}, outline, " Outline what is shown and hidden"),
    make("h2", {}, "Decisions by render"),
    renders,
  );
  return {
    element,
    list(found) {
      const open = new Set([...renders.querySelectorAll("details[open]")].map((one) => one.id));
      renders.replaceChildren(
        ...found.map((render) => {
          const item = line(render);
          const details = item.firstElementChild as HTMLDetailsElement;
          details.id = `render-${render.number}`;
          details.open = open.has(details.id);
          return item;
        }),
      );
    },
  };
}
