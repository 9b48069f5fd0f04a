// Outlines around what decisions concern, and an explanation where the pointer or the focus is.
import type { Decision } from "../frameworks/inspect.js";
import { findRegions } from "./regions.js";
import type { Region } from "./regions.js";

/** The outlines. */
export interface Overlay {
  /** Shows or hides them. */
  show(isShown: boolean): void;
  /** Draws them again soon. */
  update(): void;
  stop(): void;
}

/** How a verdict is called. */
export const verdictWord = (verdict: boolean | undefined): string =>
  verdict === undefined ? "none" : verdict ? "allowed" : "denied";

/** A decision in one line. */
export const titleOf = ({ operation, facts }: Decision): string =>
  facts ? `${operation} under ${JSON.stringify(facts)}` : operation;

/** Creates the outlines within `place`, an element that covers nothing. */
export function createOverlay(
  place: HTMLElement,
  decisionOf: (key: string) => Decision | undefined,
  explain: (decision: Decision) => Promise<string>,
): Overlay {
  const boxes = new Map<string, HTMLElement>();
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.setAttribute("role", "status");
  tip.hidden = true;
  place.append(tip);
  let regions: readonly Region[] = [];
  let isShown = true;
  let frame = 0;
  let told: string | undefined;

  const tell = (region: Region | undefined) => {
    const decision = region && decisionOf(region.key);
    tip.hidden = !decision;
    if (!region || !decision) {
      told = undefined;
      return;
    }
    const { left, bottom } = region.rect;
    tip.style.transform = `translate(${Math.max(0, Math.min(left, window.innerWidth - 340))}px, ${Math.min(bottom + 4, window.innerHeight - 60)}px)`;
    const now = `${region.key} ${verdictWord(decision.verdict)}`;
    if (told === now) return;
    told = now;
    const title = document.createElement("b");
    title.textContent = `${titleOf(decision)}: ${verdictWord(decision.verdict)}`;
    const text = document.createElement("p");
    text.textContent = "…";
    tip.replaceChildren(title, text);
    explain(decision).then((sentence) => {
      text.textContent = sentence;
    });
  };

  const boxFor = (id: string): HTMLElement => {
    const known = boxes.get(id);
    if (known) return known;
    const box = document.createElement("button");
    box.type = "button";
    const region = () => regions.find((_, index) => idOf(index) === id);
    box.addEventListener("focus", () => tell(region()));
    box.addEventListener("pointerenter", () => tell(region()));
    box.addEventListener("pointerleave", () => tell(undefined));
    box.addEventListener("blur", () => tell(undefined));
    boxes.set(id, box);
    place.append(box);
    return box;
  };
  /** Marks with the same key are told apart by their order. */
  const idOf = (index: number): string => {
    const { key } = regions[index] as Region;
    return `${key} ${regions.slice(0, index).filter((one) => one.key === key).length}`;
  };

  const draw = () => {
    frame = 0;
    regions = isShown ? findRegions() : [];
    const used = new Set<string>();
    for (const [index, { key, isShown: isVisible, rect }] of regions.entries()) {
      const decision = decisionOf(key);
      if (!decision) continue;
      const id = idOf(index);
      used.add(id);
      const box = boxFor(id);
      box.className = `box ${isVisible ? "shown" : "hidden"} ${verdictWord(decision.verdict)}`;
      box.setAttribute("aria-label", `${titleOf(decision)}: ${isVisible ? "shown" : "hidden"}`);
      box.title = "";
      box.textContent = isVisible ? "" : "hidden";
      box.style.transform = `translate(${rect.left}px, ${rect.top}px)`;
      box.style.width = isVisible ? `${rect.width}px` : "";
      box.style.height = isVisible ? `${rect.height}px` : "";
    }
    for (const [id, box] of boxes)
      if (!used.has(id)) {
        box.remove();
        boxes.delete(id);
      }
  };
  const update = () => {
    frame ||= requestAnimationFrame(draw);
  };

  /** Of what is under the pointer, the smallest part that a decision concerns. */
  const point = ({ clientX, clientY, target }: PointerEvent) => {
    if (target === (place.getRootNode() as ShadowRoot).host) return; // what is hidden has boxes that tell by themselves
    const size = ({ rect }: Region) => rect.width * rect.height;
    const under = regions.filter(
      ({ isShown: isVisible, rect }) =>
        isVisible && clientX >= rect.left && clientX <= rect.right && clientY >= rect.top && clientY <= rect.bottom,
    );
    tell(under.sort((one, other) => size(one) - size(other))[0]);
  };

  const observer = new MutationObserver(update);
  observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  const on = { capture: true, passive: true };
  window.addEventListener("scroll", update, on);
  window.addEventListener("resize", update);
  window.addEventListener("pointermove", point, on);
  update();
  return {
    show(value) {
      isShown = value;
      if (!value) tell(undefined);
      update();
    },
    update,
    stop() {
      observer.disconnect();
      window.removeEventListener("scroll", update, on);
      window.removeEventListener("resize", update);
      window.removeEventListener("pointermove", point, on);
      cancelAnimationFrame(frame);
    },
  };
}
