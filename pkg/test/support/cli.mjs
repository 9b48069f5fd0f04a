// Runs the installed bin `privet` in temporary folders.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import Ajv from "ajv";
import { installed } from "./package.mjs";

/** The bin of the installed package. */
export const bin = fileURLToPath(installed("dist/cli/main.js"));
const schema = JSON.parse(readFileSync(fileURLToPath(installed("dist/schemas/cli.schema.json")), "utf8"));
const isOutput = new Ajv({ strict: false, allowUnionTypes: true }).compile(schema);

/** A folder with files, which the test removes when it ends. Texts and bytes are written as they are, other values as JSON. */
export function folderOf(context, files = {}) {
  const folder = mkdtempSync(join(tmpdir(), "privet-cli-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    const isRaw = typeof content === "string" || content instanceof Uint8Array;
    writeFileSync(path, isRaw ? content : JSON.stringify(content));
  }
  return folder;
}

/** Runs `privet`: `{ status, out, err }`. */
export function privet(folder, args, { input = "", env = {} } = {}) {
  const { FORCE_COLOR: _, NO_COLOR: __, NODE_TEST_CONTEXT: ___, ...rest } = process.env;
  const run = spawnSync(process.execPath, [bin, ...args], {
    cwd: folder,
    input,
    env: { ...rest, ...env },
    encoding: "utf8",
  });
  return { status: run.status, out: run.stdout, err: run.stderr };
}

/** Runs `privet` with `--json`, validates what it prints against the published schema, and returns it with the status. */
export function json(folder, args, options) {
  const { status, out, err } = privet(folder, [...args, "--json"], options);
  const output = JSON.parse(out);
  assert.ok(isOutput(output), `${args.join(" ")}: ${JSON.stringify(isOutput.errors?.slice(0, 4))}`);
  return { status, output, err };
}

/** Asserts that a run is refused: one line on standard error, in lower case, with help, and nothing on standard output. */
export function refused({ status, out, err }, message, expected = 2) {
  assert.equal(status, expected, `${out}${err}`);
  assert.equal(out, "");
  assert.match(err, /^error: [^A-Z\n][^\n]*; [^\n]+\n$|^error: [^A-Z\n][^\n]*did you mean[^\n]*\n$/);
  assert.match(err, message);
  assert.doesNotMatch(err, /\n\s+at /);
}

/** A policy of a shop, without findings. */
export const SHOP = {
  format: 1,
  id: "shop",
  title: "Shop",
  version: "1",
  verbs: [{ id: "edit", label: "Edit" }],
  facts: [{ id: "returns-on", kind: "switch", label: "Returns", where: "Settings > Returns", default: true }],
  privileges: [
    {
      id: "orders",
      kind: "level",
      label: "Orders",
      group: "Sales",
      levels: [
        { id: "view", label: "View" },
        { id: "edit", label: "Edit" },
      ],
    },
    { id: "refund", kind: "flag", label: "Refund", group: "Sales", requires: "orders >= edit" },
  ],
  roles: [
    { id: "clerk", label: "Clerk", grants: { orders: "edit" } },
    { id: "boss", label: "Boss", inherits: ["clerk"], grants: { refund: true } },
  ],
  menu: [
    { id: "orders", label: "Orders" },
    { id: "returns", label: "Returns", parent: "orders" },
  ],
  operations: [
    { id: "orders.list", label: "List orders", section: "Orders", menu: ["orders"], requires: "orders >= view" },
    {
      id: "orders.edit",
      label: "Edit an order",
      section: "Orders",
      menu: ["orders"],
      verbs: ["edit"],
      requires: "orders >= edit",
    },
    {
      id: "returns.refund",
      label: "Refund an order",
      section: "Returns",
      menu: ["returns"],
      requires: "refund and returns-on",
      obligations: [{ id: "log", label: "Write it down", when: "returns-on" }],
    },
  ],
  guides: [
    {
      id: "start",
      label: "Start",
      steps: [{ id: "open", label: "Returns are on", done: "returns-on", operation: "orders.edit" }],
    },
  ],
  changeRules: [
    { id: "by-edit", label: "Who changes people edits orders", on: ["privileges"], requires: "actor.orders >= edit" },
  ],
};
