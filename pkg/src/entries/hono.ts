// `privet/hono`: middleware for Hono.
export { privet } from "../adapters/hono.js";
export type { PrivetVariables } from "../adapters/hono.js";
