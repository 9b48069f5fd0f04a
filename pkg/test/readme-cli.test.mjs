// Runs the console examples of the documents in a folder with their files, and compares what is printed. PRIVET_BLESS=1 writes it.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { folderOf, privet } from "./support/cli.mjs";

const url = (document) => new URL(`../../${document}`, import.meta.url);
const filesOf = (text) =>
  Object.fromEntries(
    [...text.matchAll(/```jsonc\n\/\/ ([\w.-]+)\n([\s\S]*?)```/g)].map(([, name, content]) => [name, content]),
  );

for (const document of ["docs/cli.md", "docs/testing.md"]) {
  test(`the console examples of ${document} print what they say`, (context) => {
    const text = readFileSync(url(document), "utf8");
    const folder = folderOf(context, {
      "shop.privet.jsonc": filesOf(readFileSync(url("docs/cli.md"), "utf8"))["shop.privet.jsonc"],
    });
    // A file exists from its place on, so that a folder of tests has those that were shown
    const ran = text.replace(
      /```(?:jsonc\n\/\/ ([\w.-]+)\n([\s\S]*?)|console\n([\s\S]*?))```/g,
      (block, name, content, commands) => {
        if (name) {
          writeFileSync(join(folder, name), content);
          return block;
        }
        const lines = commands.split("\n").filter((line) => line.startsWith("$ "));
        const outputs = lines.map((line) => {
          const { status, out, err } = privet(folder, line.replace("$ npx privet ", "").split(" "));
          assert.notEqual(status, null);
          // CSV ends its lines with CRLF, which documents do not have
          return `${line}\n${`${err}${out}`.replaceAll("\r\n", "\n").replace(/\n*$/, "\n")}`;
        });
        return `\`\`\`console\n${outputs.join("")}\`\`\``;
      },
    );
    if (process.env.PRIVET_BLESS) writeFileSync(url(document), ran);
    assert.equal(ran, text);
  });
}
