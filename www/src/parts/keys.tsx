import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { useApp } from "../state/app.js";
import type { View } from "../state/types.js";
import { text } from "../text/index.js";
import { usePalette } from "./Palette.js";
import { Modal, useOpening } from "./Dialog.js";
import { Button, Check } from "./ui.js";
import { moveRow } from "./rows.js";
import { focusTitle } from "./titles.js";
import { remember, remembered } from "../state/remembered.js";

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.matches("input:not([type=radio]):not([type=checkbox]), textarea, select") ||
    target.closest("dialog") !== null);

/** Moves the focus to the next pane, or back. */
function movePane(step: 1 | -1) {
  const all = [...document.querySelectorAll<HTMLElement>(".pane > .body")].filter((it) => it.checkVisibility());
  const at = all.findIndex((it) => it.parentElement?.contains(document.activeElement));
  const next = all[(at + step + all.length) % all.length];
  const inside = next?.querySelector<HTMLElement>('[tabindex="0"], button:not(:disabled), input:checked, a[href]');
  (inside ?? next)?.focus();
}

const places: { readonly [key: string]: View } = {
  p: "person",
  r: "roles",
  m: "matrix",
  i: "installation",
  q: "requests",
};
/** Keys of the page, and the list of them. Single letters work only outside fields, and can be turned off. */
export function Keys() {
  const app = useApp();
  const palette = usePalette();
  const help = useOpening();
  const going = useRef(0);
  const [letters, setLetters] = useState(() => remembered("letters") !== "off");
  // At once: a key that is pressed right after another one acts on what that one has left
  useLayoutEffect(() => {
    const keys: { readonly [key: string]: () => void } = {
      "/": palette.open,
      j: () => moveRow(1),
      k: () => moveRow(-1),
      w: () => {
        app.ask({ pane: "why" });
        focusTitle("answer");
      },
      p: () => document.querySelector<HTMLElement>("[data-preview]")?.click(),
      z: () => app.undo?.(),
      Z: () => app.redo?.(),
      "?": help.open,
      g: () => {
        going.current = Date.now();
      },
    };
    const onKeyDown = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key === "k") {
        event.preventDefault();
        return palette.open();
      }
      if (event.key === "F6") {
        event.preventDefault();
        return movePane(event.shiftKey ? -1 : 1);
      }
      if (event.key === "Escape" && app.peeked) return app.peek(undefined);
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || !letters) return;
      const place = Date.now() - going.current < 1500 ? places[event.key] : undefined;
      going.current = 0;
      const go = (view: View) => {
        app.ask({ view });
        focusTitle("view");
      };
      const act = place ? () => go(place) : keys[event.key];
      if (!act) return;
      event.preventDefault();
      act();
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, [app, letters]);
  if (help.opening === 0) return null;
  const turn = (on: boolean) => {
    setLetters(on);
    remember("letters", on ? "on" : "off");
  };
  return (
    <Modal label={text.keys.title} key={help.opening} onClose={help.close}>
      <div>
        <h2>{text.keys.title}</h2>
        <dl class="keylist">
          {text.keys.list.map(([key, does]) => [
            <dt key={key}>
              <kbd>{key}</kbd>
            </dt>,
            <dd key={does}>{does}</dd>,
          ])}
        </dl>
        <Check label={text.keys.letters} on={letters} onChange={turn} />
      </div>
      <footer>
        <Button onClick={help.close}>{text.close}</Button>
      </footer>
    </Modal>
  );
}
