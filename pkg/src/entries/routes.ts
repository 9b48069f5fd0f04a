// `privet/routes`: guards for React Router, TanStack Router, Vue Router and SvelteKit.
export { guardRoute, guardVueRouter } from "../frameworks/routes.js";
export type { RouteOptions, VueRoute, VueRouterOptions } from "../frameworks/routes.js";
export type { Readable, Source } from "../frameworks/scope.js";
