// The texts of errors stand once, in src/util/messages.json: the modules of both languages are generated from them and current, and
// each text is used in the language that it is for.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { modules } from "../build/errors.mjs";

const root = new URL("../../", import.meta.url);
const read = (path) => readFileSync(new URL(path, root), "utf8");
const texts = Object.keys(JSON.parse(read("src/util/messages.json")));

for (const [path, text] of Object.entries(modules()))
  test(`${path} is current`, () => assert.equal(read(path), text, "run `npm run errors --prefix pkg`"));

/** The content of all sources in a folder and those below it, but for the generated modules. */
const sources = (folder, extension) =>
  readdirSync(new URL(folder, root), { recursive: true })
    .filter((file) => file.endsWith(extension) && !/(^|\/)messages\.(rs|ts)$/.test(file))
    .map((file) => read(`${folder}/${file}`))
    .join("\n");

test("each text is used, those of subjects in both languages", () => {
  const rust = sources("src", ".rs");
  const typescript = sources("pkg/src/core", ".ts");
  const used = (name) => [
    new RegExp(`message!\\(\\s*${name.replaceAll("-", "_")}\\b`).test(rust) && "Rust",
    new RegExp(`texts\\.${name.replaceAll(/-(\w)/g, (_, letter) => letter.toUpperCase())}\\b`).test(typescript) &&
      "TypeScript",
  ];
  const oneAlone = Object.fromEntries(
    texts.map((name) => [name, used(name).filter(Boolean)]).filter(([, languages]) => languages.length < 2),
  );
  assert.deepEqual(oneAlone, {
    "duplicate-key": ["Rust"], // JSON text may have a key twice, objects of JavaScript cannot
    "option-now": ["TypeScript"], // a time in Rust is a number of seconds by its type
    "other-policy": ["TypeScript"], // `diff` is a method of JavaScript alone
    "no-document": ["Rust"],
    "sections-disagree": ["Rust"],
  });
});
