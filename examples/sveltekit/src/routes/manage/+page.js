// In the browser, the route is refused before its data is asked for; the hook guards the request
import { redirect } from "@sveltejs/kit";
import { guardRoute } from "privet/routes";

export const load = async (event) => {
  const { session } = await event.parent();
  return guardRoute(session, "data.reports.manage", { otherwise: () => redirect(303, "/?denied") })(event);
};
