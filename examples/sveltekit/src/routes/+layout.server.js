import { dehydrate } from "privet/ssr";
import { contact } from "$lib/policy.js";

export const load = ({ locals }) => ({ value: dehydrate(locals.privet ?? contact.session()) });
