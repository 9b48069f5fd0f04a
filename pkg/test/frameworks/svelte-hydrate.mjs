import { place } from "./dom.mjs";
import { flushSync, hydrate, unmount } from "svelte";
import App from "./svelte/App.svelte";
import { boss, clerk, storeOf } from "./policy.mjs";

/** Hydrates markup: whether the button stayed, and what Svelte printed. */
export function hydrated(body) {
  const printed = [];
  const { error, warn } = console;
  console.error = console.warn = (text) => printed.push(text);
  const main = place();
  main.innerHTML = body;
  const button = main.querySelector("button");
  const store = storeOf(clerk);
  const app = hydrate(App, { target: main, props: { source: store, options: { why: () => "why" } } });
  flushSync();
  const same = main.querySelector("button") === button;
  store.set(boss);
  flushSync();
  const enabled = !button.hasAttribute("aria-disabled");
  unmount(app);
  Object.assign(console, { error, warn });
  return { same, enabled, printed };
}
