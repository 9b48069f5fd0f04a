// `privet/ssr`: sessions in pages that a server renders.
export { dehydrate, embed, hydrate, json, reasonsOf } from "../adapters/ssr.js";
export type { Dehydrated, EmbedOptions } from "../adapters/ssr.js";
