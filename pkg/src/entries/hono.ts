// `privet/hono`: middleware for Hono.
export { privet } from "../adapters/hono.js";
export type { GuardOf, HonoOptions, PrivetVariables } from "../adapters/hono.js";
