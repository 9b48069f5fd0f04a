// `privet/svelte`, on a server and hydrated: the bundle for the browser is in `hydrate.mjs`.
import { render } from "svelte/server";
import App from "./svelte/App.svelte";
import { clerk, storeOf } from "./policy.mjs";

export const { body } = render(App, { props: { source: storeOf(clerk), options: { why: () => "why" } } });
