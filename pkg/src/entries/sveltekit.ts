// `privet/sveltekit`: the hook `handle`.
export type { AdmitOptions, Needed, PrivetLocals } from "../adapters/admit.js";
export { guardHandle } from "../adapters/sveltekit.js";
export type { HandleEvent, HandleInput } from "../adapters/sveltekit.js";
