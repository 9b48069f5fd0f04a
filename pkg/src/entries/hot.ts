// `privet/hot`: sessions that follow their policy while it is edited.
export { keepCurrent } from "../hot/keep-current.js";
export type { SessionStore } from "../hot/keep-current.js";
