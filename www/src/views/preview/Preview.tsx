import { useRef } from "preact/hooks";
import { useApp } from "../../state/app.js";
import { panes } from "../../state/types.js";
import { text } from "../../text.js";
import { Menu } from "./Menu.js";
import { Privileges } from "./Privileges.js";
import { Why } from "./Why.js";

/** Three columns, shown as tabs on narrow screens. */
export function Preview() {
  const { state, go } = useApp();
  const tabs = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    const next = (panes.indexOf(state.pane) + step + panes.length) % panes.length;
    go({ pane: panes[next] ?? "menu" });
    tabs.current?.querySelectorAll<HTMLElement>("[role=tab]")[next]?.focus();
  };
  return (
    <>
      <div class="tabs" role="tablist" aria-label={text.panesLabel} ref={tabs} onKeyDown={onKeyDown}>
        {panes.map((pane) => (
          <button
            key={pane}
            type="button"
            role="tab"
            id={`tab-${pane}`}
            aria-selected={pane === state.pane}
            aria-controls={`pane-${pane}`}
            tabIndex={pane === state.pane ? 0 : -1}
            onClick={() => go({ pane })}
          >
            {text.panes[pane]}
          </button>
        ))}
      </div>
      <div class="columns" data-pane={state.pane}>
        <section class="panel" id="pane-privileges" aria-label={text.panes.privileges}>
          <Privileges />
        </section>
        <section class="panel" id="pane-menu" aria-label={text.panes.menu}>
          <Menu />
        </section>
        <section class="panel" id="pane-why" aria-label={text.panes.why}>
          <Why />
        </section>
      </div>
    </>
  );
}
