// `privet/svelte`: Svelte 5. The component is `privet/svelte/Can.svelte`.
export { attributesOf, createPrivet, setPrivet, toSvelte, usePrivet } from "../frameworks/svelte.js";
export type { Decisions, Privet } from "../frameworks/svelte.js";
export type { Readable, ScopeOptions, Source, WhyAnswer } from "../frameworks/scope.js";
