import { hydrate } from "privet/ssr";
import { contact } from "$lib/policy.js";

export const load = ({ data }) => ({ session: hydrate(contact, data.value) });
