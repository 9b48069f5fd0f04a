// `privet/next`: guards for Next.
export type { AdmitOptions, Needed } from "../adapters/admit.js";
export { currentSession, guardAction, guardHandler, guardMiddleware } from "../adapters/next.js";
export type { ActionOptions, MiddlewareEvent, SessionHandler } from "../adapters/next.js";
