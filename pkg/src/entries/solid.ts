// `privet/solid`: Solid.
export { Can, PrivetProvider, createPrivet, useCan, useMenu, useSession, useWhy } from "../frameworks/solid.js";
export type { CanProps, CanState, Privet, ProviderProps } from "../frameworks/solid.js";
export type { Readable, ScopeOptions, WhyAnswer } from "../frameworks/scope.js";
