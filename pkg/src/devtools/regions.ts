// The parts of the page that decisions concern, by the marks of the adapters: elements with `data-privet`, and what is between two
// templates.
import { END, MARK } from "../frameworks/inspect.js";

/** A part of the page. */
export interface Region {
  readonly key: string;
  /** Whether something of it can be seen. */
  readonly isShown: boolean;
  /** Where it is in the window; of a part that is hidden, where it would be. */
  readonly rect: DOMRect;
}

/** The parts of the page that are marked, also those in open shadow trees. */
export function findRegions(root: Document | ShadowRoot = document): Region[] {
  const found: Region[] = [];
  for (const element of root.querySelectorAll("*")) {
    const key = element.getAttribute(MARK);
    if (key !== null) found.push(regionOf(element, key));
    if (element.shadowRoot) found.push(...findRegions(element.shadowRoot));
  }
  return found;
}

function regionOf(element: Element, key: string): Region {
  const rect = element.localName === "template" ? between(element, key) : boxOf(element);
  const isShown = rect.width > 0 && rect.height > 0;
  return { key, isShown, rect: isShown ? rect : placeOf(element) };
}

/** The box of an element; of one without a box of its own, that of its children. */
function boxOf(element: Element): DOMRect {
  const own = element.getBoundingClientRect();
  if (own.width > 0 || !element.hasChildNodes()) return own;
  const range = document.createRange();
  range.selectNodeContents(element);
  return range.getBoundingClientRect();
}

/** The box of what is between a mark and the mark at its end, within which others may be. */
function between(start: Element, key: string): DOMRect {
  const range = document.createRange();
  range.setStartAfter(start);
  range.collapse(true);
  let depth = 1;
  for (let node = start.nextElementSibling; node; node = node.nextElementSibling) {
    if (node.getAttribute(MARK) === key) depth++;
    if (node.getAttribute(END) !== key || --depth > 0) continue;
    range.setEndBefore(node);
    break;
  }
  return range.getBoundingClientRect();
}

/** Where a hidden element would be: after the last one before it that is seen, before the next, or where its container begins. */
function placeOf(element: Element): DOMRect {
  for (let node = element.previousElementSibling; node; node = node.previousElementSibling) {
    const { right, top, height, width } = node.getBoundingClientRect();
    if (width > 0) return new DOMRect(right, top, 0, height);
  }
  for (let node = element.nextElementSibling; node; node = node.nextElementSibling) {
    const { left, top, height, width } = node.getBoundingClientRect();
    if (width > 0) return new DOMRect(left, top, 0, height);
  }
  const parent = element.parentElement;
  if (!parent) return new DOMRect();
  const { left, top, width } = parent.getBoundingClientRect();
  return width > 0 ? new DOMRect(left, top, 0, 0) : placeOf(parent);
}
