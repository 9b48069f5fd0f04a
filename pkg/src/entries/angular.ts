// `privet/angular`: Angular 20 and newer.
export {
  PrivetCan,
  PrivetDisabled,
  createPrivet,
  guardRoute,
  injectCan,
  injectMenu,
  injectSession,
  injectWhy,
  providePrivet,
} from "../frameworks/angular.js";
export type { GuardOptions, Privet, ProvideOptions } from "../frameworks/angular.js";
export type { Readable, ScopeOptions, WhyAnswer } from "../frameworks/scope.js";
