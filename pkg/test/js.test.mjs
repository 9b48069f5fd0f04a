// `privet/js`, the core without WebAssembly, and the fallback of `open`. The tests of the core run with `privet/js` a second time
// (PRIVET_CORE, scripts/test.sh), and pkg/test/runtimes runs it where WebAssembly is not.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { load } from "./support/package.mjs";

const privet = await load("privet");
const js = await load("privet/js");
const { pack } = await load("privet/policies/contact");
const subject = { grants: { reports: "view-only" } };
const fallback = () => load("privet/js");

/** Runs something while WebAssembly does not start. */
async function withoutWasm(run) {
  const { Instance } = WebAssembly;
  WebAssembly.Instance = function Instance() {
    throw new Error("there is none here");
  };
  try {
    await run();
  } finally {
    WebAssembly.Instance = Instance;
  }
}

test("privet/js exports what privet exports, with the same classes", () => {
  assert.deepEqual(Object.keys(js).sort(), Object.keys(privet).sort());
  for (const name of Object.keys(js).filter((name) => name !== "open")) assert.equal(js[name], privet[name], name);
});

test("privet/js starts without WebAssembly", () =>
  withoutWasm(() => {
    const session = js.open(pack).session(subject);
    assert.equal(session.can("item.reports.view"), true);
    assert.throws(() => privet.open(pack), {
      code: "load-failed",
      message: "WebAssembly did not start: there is none here; `privet/js` needs no WebAssembly",
    });
    assert.throws(() => js.open(new Uint8Array()), { code: "invalid-pack" });
  }));

test("sessions of both are interchangeable", () => {
  const [one, other] = [privet.open(pack), js.open(pack)];
  const session = other.session(subject);
  assert.deepEqual(one.restore(session.token()).allowed(), session.allowed());
  assert.equal(one.layout, other.layout);
  assert.match(one.layout, /^[\w-]{12}$/);
  assert.deepEqual(one.session(subject).diff(one.session(session.subject())).gained, []);
});

test("a fallback is imported where WebAssembly does not start", () =>
  withoutWasm(async () => {
    const policy = await privet.open(pack, { fallback });
    assert.equal(policy.session(subject).can("item.reports.view"), true);
    const failed = new Error("no network");
    await assert.rejects(privet.open(pack, { fallback: () => Promise.reject(failed) }), failed);
    await assert.rejects(privet.open(new Uint8Array(), { fallback }), { code: "invalid-pack" });
  }));

test("an index is no fallback", () => {
  const policies = [pack, pack].map(privet.open);
  assert.deepEqual(
    policies.map(({ id }) => id),
    ["contact", "contact"],
  );
});

test("a fallback is not imported otherwise", async () => {
  const never = () => assert.fail("imported");
  const policy = await privet.open(pack, { fallback: never });
  assert.equal(policy.session(subject).can("item.reports.view"), true);
  const damaged = Uint8Array.from(pack, (byte, at) => (at === 100 ? byte ^ 1 : byte));
  await assert.rejects(privet.open(damaged, { fallback: never }), { code: "invalid-pack" });
  assert.ok((await js.open(pack, { fallback: never })).session(subject).can("item.reports.view"));
});

test("UTF-8 is read alike without TextDecoder", async () => {
  const { TextDecoder } = globalThis;
  const bytes = (text) => [...new TextEncoder().encode(text)];
  // In place of the last letters of the title
  const title = "Contact privileges";
  const at = Buffer.from(pack).indexOf(`"title":"`) + 9;
  const texts = [
    bytes("é🛒\u{feff}"),
    [0xc0, 0x80],
    [0xed, 0xa0, 0x80],
    [0xf4, 0x90, 0x80, 0x80],
    [0x80],
    [0xe2, 0x82],
  ];
  const titles = () =>
    texts.map((text) => {
      const names = Uint8Array.from(pack);
      names.set(text, at);
      seal(names);
      try {
        return js.open(names).title;
      } catch ({ code }) {
        return code;
      }
    });
  const expected = titles();
  assert.ok(expected[0].startsWith("é🛒\u{feff}"), `${title} is ${expected[0]}`);
  assert.deepEqual(expected.slice(1), Array(5).fill("invalid-pack"));
  try {
    delete globalThis.TextDecoder;
    assert.deepEqual(titles(), expected);
  } finally {
    globalThis.TextDecoder = TextDecoder;
  }
});

/** Writes the right checksum at the end of a pack. */
function seal(pack) {
  let sum = -1;
  for (const byte of pack.subarray(0, -4)) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  new DataView(pack.buffer).setUint32(pack.length - 4, ~sum, true);
}

test("the examples of docs/runtimes.md run", async (context) => {
  const page = readFileSync(new URL("../../docs/runtimes.md", import.meta.url), "utf8");
  const folder = mkdtempSync(join(tmpdir(), "privet-"));
  context.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(join(process.env.PRIVET_INSTALLED, "node_modules/privet"), join(folder, "node_modules/privet"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  const exported = {};
  for (const [, file, code] of page.matchAll(/```js\n\/\/ (\S+)\n([\s\S]*?)```/g)) {
    writeFileSync(join(folder, file), code);
    exported[file] = await import(pathToFileURL(join(folder, file)));
  }
  assert.deepEqual(Object.keys(exported), ["only-js.js", "with-fallback.js", "vite.config.js"]);
  for (const file of ["only-js.js", "with-fallback.js"])
    assert.equal(exported[file].contact.session(subject).can("item.reports.view"), true, file);
  const [{ find, replacement }] = exported["vite.config.js"].default.resolve.alias;
  assert.deepEqual(
    ["privet", "privet/react"].map((name) => name.replace(find, replacement)),
    ["privet/js", "privet/react"],
  );
  const [, map] = /type="importmap">(.*?)<\/script>/.exec(page);
  const { exports } = JSON.parse(readFileSync(join(folder, "node_modules/privet/package.json"), "utf8"));
  assert.deepEqual(JSON.parse(map).imports, { privet: join("/node_modules/privet", exports["./js"].default) });
});
