// Type tests: the compiler checks test-d as a consumer of the packed package, and the language server provides completion and hover.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { installed, load } from "./support/package.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const project = join(here, "../../target/types");
const tsc = join(here, "../node_modules/typescript/bin/tsc");
const { open } = await load("privet");
const { moduleOf } = await import(installed("dist/cli/module.js"));
const tools = await (await load("privet/studio")).studio();

/** A policy whose labels contain comment ends, tags and markup. */
const hostile = {
  format: 1,
  id: "shop",
  title: "Shop */ export const broken = 1; /*",
  version: "1",
  facts: [
    { id: "seats", kind: "number", label: "Seats\u2028*/", note: "@deprecated" },
    {
      id: "plan",
      kind: "choice",
      label: "{@link Plan}",
      options: [
        { id: "small", label: "`" },
        { id: "large", label: "\u0024{large}" },
      ],
    },
  ],
  privileges: [
    {
      id: "orders",
      kind: "level",
      label: "Orders",
      levels: [
        { id: "view", label: "View" },
        { id: "edit", label: "<b>Edit</b>" },
      ],
    },
    {
      id: "colour",
      kind: "choice",
      label: "Colour",
      options: [
        { id: "red", label: "Red" },
        { id: "green", label: "Green" },
      ],
    },
  ],
  roles: [{ id: "clerk", label: "Clerk", grants: { orders: "edit" } }],
  menu: [{ id: "orders-page", label: "**/" }],
  operations: [
    { id: "orders.list", label: "List *\\/ orders", menu: ["orders-page"], requires: "orders >= view\nor seats > 2" },
    {
      id: "orders.refund",
      label: "Refund\n * @deprecated an order",
      requires: "orders >= edit and colour = red and plan = large",
    },
  ],
  guides: [{ id: "set-up", label: "Set up", steps: [{ id: "first", label: "First", done: "orders >= view" }] }],
};
const bare = {
  format: 1,
  id: "bare",
  title: "Bare",
  version: "1",
  operations: [{ id: "page.open", label: "Open", requires: "true" }],
};

const options = {
  noEmit: true,
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  target: "ES2022",
  types: [],
};
const configs = {
  nodenext: { ...options, module: "NodeNext", lib: ["ES2022", "DOM"] },
  bundler: {
    ...options,
    module: "ESNext",
    moduleResolution: "Bundler",
    lib: ["ES2022", "DOM"],
    exactOptionalPropertyTypes: false,
  },
  commonjs: { ...options, module: "Node16", lib: ["ES2022", "DOM"] },
};

before(() => {
  rmSync(project, { recursive: true, force: true });
  mkdirSync(project, { recursive: true });
  symlinkSync(join(process.env.PRIVET_INSTALLED, "node_modules"), join(project, "node_modules"), "junction");
  cpSync(join(here, "../test-d"), project, { recursive: true });
  writeFileSync(join(project, "package.json"), '{ "type": "module" }');
  for (const [name, compilerOptions] of Object.entries(configs)) {
    writeFileSync(
      join(project, `${name}.json`),
      JSON.stringify({ compilerOptions, include: [name === "commonjs" ? "*.cts" : "*.ts"] }),
    );
  }
  writeFileSync(join(project, "tsconfig.json"), '{ "extends": "./nodenext.json" }'); // the configuration that editors find
  for (const document of [hostile, bare]) {
    const { js, dts } = generate(document);
    writeFileSync(join(project, `${document.id}.js`), js);
    writeFileSync(join(project, `${document.id}.d.ts`), dts);
  }
});

function generate(document) {
  const pack = tools.compile(document);
  return moduleOf(tools.describe(open(pack)), pack);
}

for (const name of Object.keys(configs)) {
  test(`wrong code is a compile error and correct code compiles, under \`--strict\` and ${name}`, () => {
    const start = performance.now();
    const { status, stdout, stderr } = spawnSync(process.execPath, [tsc, "-p", `${name}.json`], {
      cwd: project,
      encoding: "utf8",
    });
    assert.equal(status, 0, `${stdout}${stderr}`);
    console.log(`types of the three policies checked in ${Math.round(performance.now() - start)} ms (${name})`);
  });
}

test("the adapters fit the types of their frameworks", () => {
  const modules = join(here, "../node_modules");
  const paths = { express: "@types/express", koa: "@types/koa", fastify: "fastify", hono: "hono" };
  const compilerOptions = {
    ...configs.bundler,
    skipLibCheck: true,
    types: ["node"],
    typeRoots: [join(modules, "@types")],
    paths: Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, [join(modules, path)]])),
  };
  writeFileSync(join(project, "frameworks.json"), JSON.stringify({ compilerOptions, include: ["frameworks/*.ts"] }));
  const { status, stdout } = spawnSync(process.execPath, [tsc, "-p", "frameworks.json"], {
    cwd: project,
    encoding: "utf8",
  });
  assert.equal(status, 0, stdout);
});

test("a generated module exports its pack and its operations, and is deterministic", async () => {
  assert.deepEqual(generate(hostile), generate(JSON.stringify(hostile)));
  const shop = await import(pathToFileURL(join(project, "shop.js")).href);
  assert.deepEqual(shop.pack, tools.compile(hostile));
  assert.equal(shop.default, shop.pack);
  assert.deepEqual({ ...shop.operations }, { "orders.list": "orders.list", "orders.refund": "orders.refund" });
  for (const id of ["contact", "dotdigital", "vicidial"]) {
    const { pack, operations } = await load(`privet/policies/${id}`);
    assert.deepEqual(Object.keys(operations), open(pack).operations);
    assert.ok(Object.entries(operations).every(([key, value]) => key === value) && Object.isFrozen(operations));
  }
});

// ── editor support, through the compiler's language server

const server = { next: 1, waiting: new Map(), process: undefined };

function send(message) {
  const text = JSON.stringify({ jsonrpc: "2.0", ...message });
  server.process.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
}

/** Sends a request and returns the promise of its result, or sends a notification. */
function call(method, params, isRequest = true) {
  const id = isRequest ? server.next++ : undefined;
  send({ id, method, params });
  return isRequest ? new Promise((resolve, reject) => server.waiting.set(id, { resolve, reject })) : undefined;
}

async function startServer() {
  server.process = spawn(process.execPath, [tsc, "--lsp", "--stdio"], {
    cwd: project,
    stdio: ["pipe", "pipe", "ignore"],
  });
  let read = Buffer.alloc(0);
  server.process.stdout.on("data", (chunk) => {
    read = Buffer.concat([read, chunk]);
    for (let head = read.indexOf("\r\n\r\n"); head >= 0; head = read.indexOf("\r\n\r\n")) {
      const length = Number(/Content-Length: (\d+)/i.exec(read.toString("utf8", 0, head))[1]);
      if (read.length < head + 4 + length) return;
      const { id, method, result, error } = JSON.parse(read.toString("utf8", head + 4, head + 4 + length));
      read = read.subarray(head + 4 + length);
      if (method !== undefined) {
        if (id !== undefined) send({ id, result: null }); // a request of the server, which needs no real result
        continue;
      }
      const { resolve, reject } = server.waiting.get(id);
      server.waiting.delete(id);
      if (error) reject(new Error(error.message));
      else resolve(result);
    }
  });
  const rootUri = pathToFileURL(project).href;
  const hover = { contentFormat: ["markdown"] };
  await call("initialize", { processId: process.pid, rootUri, capabilities: { textDocument: { hover } } });
  call("initialized", {}, false);
}

after(() => server.process?.kill());

let files = 0;

/** Sends a request about the position that `|` marks in a program. */
async function at(method, program) {
  if (!server.process) await startServer();
  const uri = pathToFileURL(join(project, `editor-${files++}.ts`)).href;
  const before = program.slice(0, program.indexOf("|")).split("\n");
  call(
    "textDocument/didOpen",
    { textDocument: { uri, languageId: "typescript", version: 1, text: program.replace("|", "") } },
    false,
  );
  return call(method, {
    textDocument: { uri },
    position: { line: before.length - 1, character: before.at(-1).length },
  });
}

const offered = async (program) => {
  const found = await at("textDocument/completion", program);
  return (found.items ?? found).map(({ label }) => label.replace(/^"|"$/g, "").replace(/\?$/, "")).sort();
};
const imports = (policy) =>
  `import { open } from "privet";\nimport { operations, pack } from "privet/policies/${policy}";\nconst policy = open(pack);\n`;
const sorted = (ids) => [...ids].sort();

test("completion offers the ids and nothing else", { timeout: 30_000 }, async () => {
  const { pack } = await load("privet/policies/contact");
  const { operations, privileges, roles } = open(pack);
  const program = imports("contact");
  assert.deepEqual(await offered(`${program}policy.session().can("|");`), sorted(operations));
  assert.deepEqual(await offered(`${program}policy.session({ grants: { "|" } });`), sorted(privileges));
  assert.deepEqual(await offered(`${program}policy.session({ grants: { users: "|" } });`), ["modify", "view-only"]);
  assert.deepEqual(await offered(`${program}policy.session({ grants: { "service-numbers": ["|"] } });`), [
    "can-allocate",
    "modify",
  ]);
  assert.deepEqual(await offered(`${program}policy.session({ roles: ["|"] });`), sorted(roles));
  assert.deepEqual(await offered(`${program}policy.session({ facts: { "|" } });`), ["flow-editor"]);
});

test("hover shows the label and requirement of an operation and a privilege", { timeout: 30_000 }, async () => {
  const shown = async (program) => (await at("textDocument/hover", program)).contents.value;
  const operation = await shown(`${imports("vicidial")}policy.session().can(operations["email-accounts.|delete"]);`);
  assert.match(operation, /Delete an email account/);
  assert.match(operation, /Requires `email-allowed and modify-email-accounts`\./);
  // Not through `Grants<Schema>`: TypeScript 7.0 shows no documentation for members of mapped types.
  const values = 'import type { GrantValues } from "privet/policies/contact";\ndeclare const taken: GrantValues;\n';
  assert.match(await shown(`${values}taken.us|ers;`), /Staff Management: Users/);
  const hostileLabel = await shown('import { operations } from "./shop.js";\noperations["orders.|refund"];');
  assert.ok(hostileLabel.includes("Refund \\* \\@deprecated an order"), hostileLabel); // escaped: neither a list nor a tag
  assert.match(hostileLabel, /orders >= edit and colour = red and plan = large/);
});
