// `privet/live`: a session that is kept current while a page is open.
export { RefreshError } from "../live/endpoint.js";
export type { Endpoint, Received } from "../live/endpoint.js";
export type { Pushing } from "../live/listen.js";
export { liveStore } from "../live/store.js";
export type { LiveOptions, LiveStatus, LiveStore } from "../live/store.js";
