// `privet/ssr`: sessions in pages that a server renders.
export { dehydrate, embed, hydrate, json } from "../adapters/ssr.js";
export type { Dehydrated } from "../adapters/ssr.js";
