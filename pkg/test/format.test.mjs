// The conformance suite of the formats, through the installed package.
import { test } from "node:test";
import { conformFormat } from "./runtimes/format.mjs";
import { formatSuite } from "./support/formats.mjs";
import { load } from "./support/package.mjs";

const privet = await load("privet");
const { read } = await load("privet/read");

test("the package conforms to the formats", (context) => {
  context.diagnostic(`${conformFormat({ privet, read }, formatSuite())} comparisons`);
});
