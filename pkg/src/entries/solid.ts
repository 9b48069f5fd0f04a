// `privet/solid`: Solid.
export { Can, PrivetProvider, createPrivet, useCan, useMenu, useSession } from "../frameworks/solid.js";
export type { CanProps, CanState, Privet, ProviderProps } from "../frameworks/solid.js";
export type { Readable, ScopeOptions } from "../frameworks/scope.js";
