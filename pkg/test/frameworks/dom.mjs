// A document for the tests of this folder. Import it before any framework: some look for the document when they are loaded.
import { Window } from "happy-dom";

export const window = new Window({ url: "https://app.example/" });
const names = [
  "document",
  "Node",
  "Element",
  "HTMLElement",
  "SVGElement",
  "Text",
  "Comment",
  "DocumentFragment",
  "ShadowRoot",
];
names.push(
  "Event",
  "CustomEvent",
  "MouseEvent",
  "KeyboardEvent",
  "MutationObserver",
  "customElements",
  "HTMLIFrameElement",
  "Document",
);
names.push(
  "HTMLTemplateElement",
  "HTMLInputElement",
  "getComputedStyle",
  "requestAnimationFrame",
  "cancelAnimationFrame",
  "location",
  "history",
);
names.push("scrollTo", "sessionStorage", "HTMLMediaElement", "DOMParser", "CSSStyleSheet");
globalThis.window = globalThis.self = window;
for (const name of names) {
  const value = window[name];
  const isFunction = typeof value === "function" && !value.prototype;
  Object.defineProperty(globalThis, name, {
    value: isFunction ? value.bind(window) : value,
    configurable: true,
    writable: true,
  });
}
Object.defineProperty(globalThis, "navigator", { value: window.navigator, configurable: true });

// Ports of Node.js would keep the process alive
globalThis.MessageChannel = class {
  port1 = { onmessage: undefined };
  port2 = { postMessage: (data) => setImmediate(() => this.port1.onmessage?.({ data })) };
};

export const { document } = window;

/** An element at the end of an empty page. */
export function place() {
  document.body.innerHTML = "<main></main>";
  return document.querySelector("main");
}

/** Waits until timers of `milliseconds` have run. */
export const wait = (milliseconds = 0) => new Promise((done) => setTimeout(done, milliseconds));
