import { useLayoutEffect, useState } from "preact/hooks";
import { useApp } from "../state/app.js";
import { isServed, servedText } from "../state/served.js";
import { policies, views } from "../state/types.js";
import type { PolicyId, View } from "../state/types.js";
import { text } from "../text.js";
import { PersonChoice } from "../views/preview/PersonBar.js";
import { Button, Select } from "./ui.js";

const titles: { readonly [id in (typeof policies)[number]]: string } = {
  vicidial: "VICIdial",
  contact: "Contact",
  dotdigital: "dotdigital",
};
const BRING = "bring";

export function Header() {
  const { state, model, go, undo, redo, notify } = useApp();
  const systems = [
    ...policies.map((id) => ({ id, label: titles[id] })),
    ...(state.policy === "own"
      ? [{ id: "own", label: text.header.ownLoaded(model.described.title) }]
      : isServed
        ? [{ id: "own", label: text.header.served }]
        : []),
    { id: BRING, label: text.header.own },
  ];
  const choose = (id: string) =>
    go(
      id === BRING
        ? { view: "policy" }
        : { policy: id as PolicyId, view: state.view, ...(id === "own" && { text: servedText() ?? "" }) },
    );
  const share = () =>
    navigator.clipboard.writeText(location.href).then(
      () => notify(text.header.shared),
      () => notify(text.header.unshared),
    );
  return (
    <header class="top">
      {/* biome-ignore lint/a11y/useValidAnchor: a skip link; following it would replace the state in the URL hash */}
      <a
        class="skip"
        href="#content"
        onClick={(event) => {
          event.preventDefault();
          document.getElementById("content")?.focus();
        }}
      >
        {text.skip}
      </a>
      <h1>
        {text.title} <span class="tagline">{text.tagline}</span>
      </h1>
      <Select label={text.header.policy} visible options={systems} value={state.policy} onChange={choose} />
      <PersonChoice />
      <div class="pair">
        <Button kind="quiet" disabled={!undo} onClick={undo}>
          {text.header.undo}
        </Button>
        <Button kind="quiet" disabled={!redo} onClick={redo}>
          {text.header.redo}
        </Button>
        <Button kind="quiet" onClick={share}>
          {text.header.share}
        </Button>
        <Theme />
      </div>
      <nav aria-label={text.viewsLabel}>
        {views.map((view: View) => (
          <a
            key={view}
            href={`#${view}/${state.policy}`}
            aria-current={view === state.view ? "page" : undefined}
            onClick={(event) => {
              if (event.ctrlKey || event.metaKey) return;
              event.preventDefault();
              go({ view });
            }}
          >
            {text.views[view]}
          </a>
        ))}
      </nav>
    </header>
  );
}

const themes = ["auto", "light", "dark"] as const;
type Theme = (typeof themes)[number];
const KEY = "privet.theme";

function remembered(): Theme {
  try {
    return themes.find((it) => it === localStorage.getItem(KEY)) ?? "auto";
  } catch {
    return "auto"; // storage may be blocked
  }
}

function Theme() {
  const [theme, setTheme] = useState(remembered);
  useLayoutEffect(() => {
    document.documentElement.setAttribute("data-theme", theme);
    try {
      localStorage.setItem(KEY, theme);
    } catch {
      // not persisted; the choice applies until the page is closed
    }
  }, [theme]);
  return (
    <Select
      label={text.header.theme}
      options={themes.map((id) => ({ id, label: text.header.themes[id] }))}
      value={theme}
      onChange={setTheme}
    />
  );
}
