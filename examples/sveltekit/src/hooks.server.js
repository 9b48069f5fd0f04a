// Guards every request. A route that nobody thought of is an error, not open.
import { redirect } from "@sveltejs/kit";
import { guardHandle } from "privet/sveltekit";
import { guarded } from "$lib/server/guarded.js";

const needed = { "/": null, "/sign-in": null, "/manage": "data.reports.manage" };

export const handle = guardHandle(guarded, ({ route }) => (route.id === null ? null : needed[route.id]), {
  otherwise: (problem) => redirect(303, `/?${problem.code}`),
});
