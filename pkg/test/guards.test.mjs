// `privet/next`, `privet/sveltekit` and `privet/astro`, with what the frameworks call them with. pkg/test/runtimes runs them in real apps.
import { fileURLToPath } from "node:url";
import { suite } from "./support/frameworks.mjs";

const headers = fileURLToPath(new URL("frameworks/next-headers.mjs", import.meta.url));
await suite("guards.mjs", { alias: { "next/headers.js": headers } });
