/** The most frames that the focus waits for its target, such as a view that is being loaded. */
const FRAMES = 300;

/** How many targets the focus is waiting for. */
let waiting = 0;

/**
 * Moves the focus to an element of the page as it is once the changes made so far have been drawn. Where the element comes later it
 * waits for it, unless the focus has gone elsewhere in the meantime.
 */
export function afterDrawing(find: () => HTMLElement | null | undefined): void {
  waiting++;
  const move = (from: Element | null, frames: number) => {
    const target = find();
    const now = document.activeElement;
    const isOn = !target && frames > 0 && (now === from || now === document.body);
    if (isOn) return void requestAnimationFrame(() => move(from, frames - 1));
    waiting--;
    target?.focus();
  };
  // Preact draws in a microtask, which is queued before this one
  queueMicrotask(() => move(document.activeElement, FRAMES));
}

const CONTROL = "button:not(:disabled), input:not(:disabled), select, textarea, a[href], [tabindex]";

/** The focused element and those around it, from inside to outside, each with its neighbours. */
type Place = readonly { readonly element: Element; readonly next: Element | null; readonly previous: Element | null }[];

function placeOf(element: Element | null): Place {
  const place: Place[number][] = [];
  for (let at = element; at && at !== document.body; at = at.parentElement)
    place.push({ element: at, next: at.nextElementSibling, previous: at.previousElementSibling });
  return place;
}

/**
 * Keeps the focus near where it was when the element that has it goes away, such as the row of a privilege that is taken away: at what
 * comes after it, before it, or around it. Where the focus is moved on purpose, nothing is done.
 */
export function keepFocus(): void {
  let place: Place = [];
  document.addEventListener("focusin", ({ target }) => {
    place = placeOf(target as Element);
  });
  const restore = () => {
    const isLost = document.activeElement === document.body && place[0] && !place[0].element.isConnected;
    if (!isLost || waiting > 0 || document.querySelector("dialog[open]")) return;
    const around = place.findIndex(({ element }) => element.isConnected);
    const { next, previous } = place[around - 1] ?? {};
    const beside = [next, previous].find((it) => it?.isConnected);
    const control = beside?.matches(CONTROL) ? beside : beside?.querySelector(CONTROL);
    const targets = [control, ...place.slice(Math.max(0, around)).map(({ element }) => element)];
    place = [];
    for (const target of targets) {
      if (!(target instanceof HTMLElement) || document.activeElement !== document.body) continue;
      if (!target.matches(CONTROL)) target.tabIndex = -1;
      target.focus({ preventScroll: true });
    }
  };
  new MutationObserver(() => {
    if (document.activeElement === document.body && place.length > 0) requestAnimationFrame(restore);
  }).observe(document.body, { childList: true, subtree: true });
}
