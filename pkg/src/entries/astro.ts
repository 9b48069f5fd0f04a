// `privet/astro`: middleware.
export type { AdmitOptions, Needed, PrivetLocals } from "../adapters/admit.js";
export { guardMiddleware } from "../adapters/astro.js";
export type { MiddlewareContext } from "../adapters/astro.js";
