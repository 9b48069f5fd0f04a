// `privet/ssr`: sessions in pages that a server renders.
export { embed, hydrate, json } from "../adapters/ssr.js";
