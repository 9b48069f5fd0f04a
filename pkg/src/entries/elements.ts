// `privet/elements`: plain HTML, and every framework without an adapter.
export { connect } from "../frameworks/elements.js";
export type { Connected, ElementsOptions } from "../frameworks/elements.js";
export type { Readable, ScopeOptions, Source, WhyAnswer } from "../frameworks/scope.js";
