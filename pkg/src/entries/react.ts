"use client";
// `privet/react`: React 18 and 19.
export { Can, Menu, PrivetProvider, createPrivet, useCan, useMenu, useSession, useWhy } from "../frameworks/react.js";
export type { CanProps, DisabledProps, MenuProps, Privet, ProviderProps } from "../frameworks/react.js";
export type { Readable, ScopeOptions, WhyAnswer } from "../frameworks/scope.js";
