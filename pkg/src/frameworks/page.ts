// What happens in the page when a session changes, besides rendering: the focus stays near, and screen readers are told.
import type { Schema } from "../core/types.js";
import type { Scope } from "./scope.js";

const FOCUSABLE =
  "a[href],area[href],button:not(:disabled),input:not(:disabled),select:not(:disabled),textarea:not(:disabled),summary,iframe," +
  "[contenteditable]:not([contenteditable=false]),[tabindex]:not([tabindex='-1'])";

/** How long frameworks may take to render a change, and how often is looked, in milliseconds. */
const RENDERED = 500;
const LOOK = 16;

/** Begins to observe a scope; does nothing on a server. Returns how to stop. Only the scope that renders the page needs it. */
export function watchPage<S extends Schema>(scope: Scope<S>): () => void {
  if (typeof document === "undefined") return () => {};
  let before = scope.get();
  const region = scope.options.announce && liveRegion();
  const stop = scope.subscribe(() => {
    const [was, session] = [before, scope.get()];
    before = session;
    const { keepFocus = true, announce } = scope.options;
    if (keepFocus) holdFocus();
    if (!region || !announce || !was || !session || was === session) return;
    if (was.policy.fingerprint !== session.policy.fingerprint) return;
    const difference = was.diff(session);
    const text = difference.gained.length + difference.lost.length > 0 && announce(difference, session);
    if (text) region.textContent = text;
  });
  return () => {
    stop();
    region?.remove();
  };
}

/** An element whose text screen readers announce when they are idle. It has to be there before its text. */
function liveRegion(): HTMLElement {
  const region = document.createElement("div");
  region.setAttribute("role", "status");
  region.style.cssText =
    "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap";
  document.body.append(region);
  return region;
}

let timer: ReturnType<typeof setInterval> | undefined;

/** Whether an element can be seen, and so have the focus. Elements outside every slot of a shadow tree cannot. */
const isVisible = (element: Element): boolean =>
  element.isConnected && !element.closest("[hidden],[inert]") && (element.checkVisibility?.() ?? true);

/** Moves the focus if the element that has it now disappears: to the next element that can have it, or to what contained it. */
function holdFocus(): void {
  clearInterval(timer);
  const focused = document.activeElement;
  if (!focused || focused === document.body) return;
  const order = [...document.querySelectorAll<HTMLElement>(FOCUSABLE)];
  const at = order.indexOf(focused as HTMLElement);
  const containers: HTMLElement[] = [];
  for (let node = focused.parentElement; node; node = node.parentElement) containers.push(node);
  const until = Date.now() + RENDERED;
  timer = setInterval(() => {
    if (isVisible(focused) && !focused.matches(":disabled")) {
      if (Date.now() > until) clearInterval(timer);
      return;
    }
    clearInterval(timer);
    const active = document.activeElement;
    if (active && active !== document.body && active !== focused) return;
    const place = containers.find(isVisible);
    const next = [...order.slice(at + 1), ...order.slice(0, Math.max(at, 0)).reverse()].find(
      (element) => place?.contains(element) && element.matches(FOCUSABLE) && isVisible(element),
    );
    if (next) return next.focus();
    if (!place || place === document.body) return;
    if (!place.hasAttribute("tabindex")) {
      place.tabIndex = -1;
      place.addEventListener("blur", () => place.removeAttribute("tabindex"), { once: true });
    }
    place.focus();
  }, LOOK);
}
