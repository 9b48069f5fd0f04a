// Runs at the edge before pages and handlers. A path that nobody thought of is an error, not open.
import { guardMiddleware } from "privet/next";
import { guarded } from "./lib/guarded.js";

const needed = { "/": null, "/sign-in": null, "/reports": "item.reports.view", "/api/reports": "data.reports.manage" };

export const middleware = guardMiddleware(guarded, ({ nextUrl }) => needed[nextUrl.pathname], {
  otherwise: (problem, request) =>
    request.nextUrl.pathname.startsWith("/api/")
      ? problem.response()
      : Response.redirect(new URL(`/?${problem.code}`, request.url)),
});

export const config = { matcher: ["/((?!_next/|favicon.ico).*)"] };
