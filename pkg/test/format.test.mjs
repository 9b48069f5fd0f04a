// The conformance suite of the formats, through the installed package.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { conformFormat } from "./runtimes/format.mjs";
import { formatSuite } from "./support/formats.mjs";
import { load } from "./support/package.mjs";
import { tools } from "./support/policies.mjs";

const privet = await load("privet");
const { read } = await load("privet/read");

test("the package conforms to the formats", (context) => {
  context.diagnostic(`${conformFormat({ privet, read }, formatSuite())} comparisons`);
});

test("the example of docs/format.md is what its policy compiles to", () => {
  const page = readFileSync(new URL("../../docs/format.md", import.meta.url), "utf8");
  const [, policy] = page.match(/```json policy\n(.*?)```/s);
  const [, dump] = page.match(/```text pack\n(.*?)```/s);
  const bytes = dump
    .trim()
    .split("\n")
    .flatMap((line) => line.trim().split(/ +/).slice(1));
  const pack = Uint8Array.from(bytes, (byte) => Number.parseInt(byte, 16));
  const compiled = tools.compile(policy, { reasons: false });
  const [names, program] = [5, 9].map((at) => new DataView(compiled.buffer).getUint32(at, true));
  const end = 21 + names + program;
  // Without the document: its length is 0, and the checksum is another
  assert.deepEqual(pack.subarray(0, 17), compiled.subarray(0, 17));
  assert.deepEqual(pack.subarray(21, end), compiled.subarray(21, end));
  assert.equal(pack.length, end + 4);

  const view = new DataView(pack.buffer, 21 + names);
  const rows = [
    ...page.slice(page.indexOf("The words of the program, by position")).matchAll(/^\| (\d+) \| ([\d ]+) \|/gm),
  ];
  const words = rows.flatMap(([, at, row]) =>
    row.split(" ").map((word, index) => [Number(at) + 4 * index, Number(word)]),
  );
  assert.deepEqual(
    words,
    Array.from({ length: program / 4 }, (_, index) => [4 * index, view.getUint32(4 * index, true)]),
  );

  const pen = privet.open(pack);
  const session = pen.session({ roles: ["author"], facts: { open: true } });
  assert.deepEqual([session.can("save"), session.menu()[0].state], [true, "shown"]);
  assert.equal(pen.session({ roles: ["author"] }).decide("save").decision, "undecided");
  assert.ok(page.includes(`\`${session.token()}\``));
});
