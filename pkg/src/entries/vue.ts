// `privet/vue`: Vue 3.
export { Can, Menu, createPrivet, privet, useCan, useMenu, useSession, useWhy } from "../frameworks/vue.js";
export type { CanProps, CanSlot, CanValue, PluginOptions, Privet } from "../frameworks/vue.js";
export type { Readable, ScopeOptions, WhyAnswer } from "../frameworks/scope.js";
