// Guards are given to Next, SvelteKit and Astro as they are; wrong ids are errors.
import type { NextFetchEvent, NextRequest, NextMiddleware } from "next/server";
import type { Handle } from "@sveltejs/kit";
import type { MiddlewareHandler } from "astro";
import { open } from "privet";
import { guard } from "privet/edge";
import * as astro from "privet/astro";
import { guardAction, guardHandler, guardMiddleware, currentSession } from "privet/next";
import { pack, type Schema } from "privet/policies/contact";
import { guardHandle, type PrivetLocals } from "privet/sveltekit";

declare global {
  namespace App {
    interface Locals extends PrivetLocals<Schema> {}
  }
}
const guarded = guard({
  policies: [open(pack)],
  issuer: "https://i",
  audience: "a",
  keys: { keys: [] },
  algorithms: ["ES256"],
});
export const middleware: NextMiddleware = guardMiddleware(guarded, ({ nextUrl }: NextRequest) =>
  nextUrl.pathname === "/" ? null : "item.reports.view",
);
export const plain = guardMiddleware(guarded, "item.reports.view");
export const call = (request: NextRequest, event: NextFetchEvent) => plain(request, event);
export const GET = guardHandler(
  guarded,
  "item.reports.view",
  async (request: NextRequest, session, context: { params: Promise<{ id: string }> }) =>
    Response.json([request.nextUrl.pathname, session.can("item.reports.view"), (await context.params).id]),
);
export const action = guardAction(guarded, "item.reports.view", async (session, form: FormData) => [
  session.can("item.reports.view"),
  form.get("x"),
]);
action(new FormData());
// @ts-expect-error an unknown operation
guardAction(guarded, "item.reports.veiw", async () => 1);
// @ts-expect-error an unknown operation
guardMiddleware(guarded, () => "item.reports.veiw");
export const session = await currentSession(guarded);
export const handle: Handle = guardHandle(guarded, ({ route }) => (route.id === "/" ? null : "item.reports.view"));
export const onRequest: MiddlewareHandler = astro.guardMiddleware(guarded, ({ routePattern }) =>
  routePattern === "/" ? null : "item.reports.view",
);
