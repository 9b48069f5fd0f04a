// Runs the JavaScript of the documents and compares each result with the comment behind it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { installed, load } from "./support/package.mjs";

const text = (file) => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
const [, rendered] = /```text\n(error[\s\S]*?)```/.exec(text("docs/tour.md"));

const tools = await (await load("privet/studio")).studio();
const { open } = await load("privet");

const json = (file) => JSON.parse(readFileSync(new URL(installed(file)), "utf8"));

/** The policies of a document by the name in their first line, with the required keys, which the document leaves out. */
const policies = (document) => {
  const blocks = [...text(document).matchAll(/```jsonc\n\/\/ (\w+)\n\{([\s\S]*?)```/g)];
  return blocks.map(([, id, rest]) => [id, `{ "format": 1, "id": "${id}", "title": "${id}", "version": "1",${rest}`]);
};

// By document: the number of comments behind a statement that state no result.
for (const [document, silent] of Object.entries({
  "README.md": 1,
  "docs/tour.md": 1,
  "docs/recipes.md": 0,
  "docs/studio.md": 0,
  "docs/why.md": 0,
  "docs/language.md": 0,
  "docs/authzen.md": 0,
  "docs/editors.md": 0,
})) {
  test(`the examples of ${document} give the results in their comments`, async () => {
    const named = policies(document);
    for (const [id, policy] of named) assert.equal(tools.render(tools.check(policy), policy), "", id);
    const examples = [...text(document).matchAll(/```js\n([\s\S]*?)```/g)].map(([, example]) => example).join("");
    const imported = (_, names, from) => `const {${names.replaceAll(" as ", ": ")}} = await load("${from}");`;
    const claim = /^(.+);(?: |\n)\/\/ (true|false|\d+|["[{].*|throws .*)$/gm;
    let claims = 0;
    const code = examples
      .replace(/^import \{(.*)\} from "(.*)";.*$/gm, imported)
      .replace(/^import (\w+) from "privet\/([\w.]+\.json)" with .*$/gm, "const $1 = json('$2');")
      .replace(claim, (_, expression, stated) => {
        claims++;
        const thrown = /^throws (\w+): (.*)$/.exec(stated);
        return thrown
          ? `assert.throws(() => ${expression}, { name: "${thrown[1]}", message: ${JSON.stringify(thrown[2])} });`
          : `assert.deepEqual(${expression}, ${stated});`;
      });
    const AsyncFunction = (async () => {}).constructor;
    const opened = named.map(([, policy]) => open(tools.compile(policy)));
    // The package is the installed one; other libraries are those of the tests
    const loaded = (name) => (/^privet\b/.test(name) ? load(name) : import(name));
    await new AsyncFunction("assert", "load", "json", ...named.map(([id]) => id), code)(
      assert,
      loaded,
      json,
      ...opened,
    );
    assert.equal(
      claims,
      examples.match(/;(?: |\n)\/\/ /g).length - silent,
      "a comment states a result in a form that is not tested",
    );
  });
}

test("docs/language.md states what each test is for somebody with nothing", () => {
  const [, kinds] = policies("docs/language.md").find(([id]) => id === "kinds");
  const rows = [...text("docs/language.md").matchAll(/^\| [a-z ]+ \| `([^`]+)` \| .* \| (yes|no|unknown) \|$/gm)];
  const operations = rows.map(
    ([, requires], index) => `{ "id": "row-${index}", "label": "Row", "requires": "${requires}" }`,
  );
  const policy = kinds.replace('"operations": [', `"operations": [ ${operations.join(",\n")},`);
  const nobody = open(tools.compile(policy)).session();
  const words = { allowed: "yes", denied: "no", undecided: "unknown" };
  const found = rows.map(([, requires], index) => [requires, words[nobody.decide(`row-${index}`).decision]]);
  assert.deepEqual(
    found,
    rows.map(([, requires, stated]) => [requires, stated]),
  );
  assert.equal(rows.length, 27);
});

test("docs/language.md names every key of the document, and every keyword and kind", () => {
  const { properties, $defs } = JSON.parse(text("schema/policy.schema.json"));
  const objects = Object.values($defs).flatMap(({ oneOf = [], ...one }) => [one, ...oneOf]);
  const keys = objects.flatMap((it) => Object.keys(it.properties ?? {}));
  const values = objects.flatMap((it) => it.properties?.kind?.const ?? it.const ?? []);
  const words = new Set([...Object.keys(properties), ...keys, ...values]);
  const page = text("docs/language.md");
  assert.deepEqual(
    [...words].filter((word) => !page.includes(`\`${word}\``) && !page.includes(`"${word}"`)),
    [],
  );
  assert.ok(words.size > 60);
});

test("the diagnostic in docs/tour.md is correct", () => {
  const line = /^3 \| (.*)$/m.exec(rendered)[1];
  const levels = '"levels": [{ "id": "view", "label": "View" }]';
  const text = `{ "format": 1, "id": "shop", "title": "Shop", "version": "1",
  "privileges": [{ "id": "orders", "kind": "level", "label": "Orders", ${levels} }],
${line}
}`;
  const found = tools.check(text).filter(({ severity }) => severity === "error");
  assert.equal(tools.render(found, text).trimEnd(), rendered.trimEnd());
});
