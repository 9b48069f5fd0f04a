// A decision point for the Authorization API: the example's, in a project of its own, and what asks it.
import { cpSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { load } from "./package.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const project = join(here, "../../../target/authzen", basename(process.argv[1], ".mjs")); // test files run at the same time
rmSync(project, { recursive: true, force: true });
mkdirSync(project, { recursive: true });
cpSync(join(here, "../../../examples/authzen"), project, {
  recursive: true,
  filter: (path) => !path.includes("node_modules"),
});
symlinkSync(join(process.env.PRIVET_INSTALLED, "node_modules"), join(project, "node_modules"), "junction");

/** Imports a file of the example. */
export const example = (file) => import(pathToFileURL(join(project, file)).href);

const { open } = await load("privet");
const { compiled } = await example("start.mjs");
const { pdp } = await example("pdp.mjs");

/** The policy of the example. */
export const policy = open(await compiled());
export const BASE = "https://pdp.example";
export const json = { "content-type": "application/json" };
export const post = (path, body, headers = json) =>
  new Request(`${BASE}${path}`, {
    method: "POST",
    headers,
    body: typeof body === "object" && !(body instanceof Uint8Array) ? JSON.stringify(body) : body,
  });

/** A handler whose problems fail the test, unless it has its own `onProblem`. */
export const make = (options = {}) =>
  pdp(policy, {
    url: BASE,
    onProblem(error) {
      throw error;
    },
    ...options,
  });
export const handler = make();

export const alice = { type: "user", id: "alice" };
export const [read, write] = [{ name: "read" }, { name: "write" }];
export const record = { type: "record", id: "record-1" };
export const question = { subject: alice, action: read, resource: record };

/** Asks, and returns the parsed body of 200, or the status with the text. */
export async function ask(path, body, { by = handler, headers = json } = {}) {
  const response = await by(post(`/access/v1/${path}`, body, headers));
  return response.ok ? response.json() : `${response.status} ${await response.text()}`;
}
