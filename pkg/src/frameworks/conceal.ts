// Elements of the page that are hidden or disabled where they stand: for directives and plain HTML.
import { isField, refuse } from "./disabled.js";

/** What an element had before it was hidden. */
const displays = new WeakMap<HTMLElement, readonly [value: string, priority: string]>();
/** The element with the reason of a disabled element, and what it had before. */
const reasons = new WeakMap<
  Element,
  { readonly span: HTMLElement; readonly before: string | null; readonly field: boolean }
>();
let ids = 0;

/** Hides an element: it takes no space, cannot have the focus and is not read; or shows it as it was. */
export function conceal(element: HTMLElement, isHidden: boolean): void {
  const display = displays.get(element);
  if (isHidden === (display !== undefined)) return;
  element.hidden = isHidden;
  if (isHidden) {
    displays.set(element, [element.style.getPropertyValue("display"), element.style.getPropertyPriority("display")]);
    element.style.setProperty("display", "none", "important"); // style sheets may show what is `hidden`
  } else {
    displays.delete(element);
    element.style.removeProperty("display");
    if (display?.[0]) element.style.setProperty("display", ...display);
  }
}

/** Disables an element, with the reason as its description; or enables it as it was. */
export function disable(element: Element, isDisabled: boolean, reason = ""): void {
  const known = reasons.get(element);
  if (known && isDisabled) known.span.textContent = reason;
  if (isDisabled === (known !== undefined)) return;
  const field = isField(element.localName) ? (element as HTMLInputElement) : undefined;
  if (known) {
    reasons.delete(element);
    known.span.remove();
    element.removeAttribute("aria-disabled");
    if (known.before === null) element.removeAttribute("aria-describedby");
    else element.setAttribute("aria-describedby", known.before);
    element.removeEventListener("click", refuse, true);
    if (field) field.disabled = known.field;
    return;
  }
  const before = element.getAttribute("aria-describedby");
  const span = document.createElement("span");
  span.id = `privet-reason-${ids++}`;
  span.hidden = true;
  span.textContent = reason;
  // Ids are found within one tree; at its end no framework looks for its nodes
  const root = element.getRootNode();
  (root instanceof ShadowRoot ? root : document.body).append(span);
  reasons.set(element, { span, before, field: field?.disabled ?? false });
  element.setAttribute("aria-disabled", "true");
  element.setAttribute("aria-describedby", before ? `${before} ${span.id}` : span.id);
  element.addEventListener("click", refuse, true);
  if (field) field.disabled = true;
}
