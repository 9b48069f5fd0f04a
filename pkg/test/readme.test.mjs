// The README's JavaScript runs, and every line with a comment gives what the comment says.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { load } from "./package.mjs";

const text = (file) => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
const [, rendered] = /```text\n(error[\s\S]*?)```/.exec(text("README.md"));

// Of each document: how many of its comments behind a statement claim nothing.
for (const [document, silent] of Object.entries({ "README.md": 1, "docs/studio.md": 0 })) {
  test(`the examples of ${document} give what their comments say`, async () => {
    const examples = [...text(document).matchAll(/```js\n([\s\S]*?)```/g)].map(([, example]) => example).join("");
    const imported = (_, names, from) => `const {${names.replaceAll(" as ", ": ")}} = await load("${from}");`;
    const claim = /^(.+);(?: |\n)\/\/ (true|false|\d+|["[{].*|throws .*)$/gm;
    let claims = 0;
    const code = examples
      .replace(/^import \{(.*)\} from "(.*)";.*$/gm, imported)
      .replace(claim, (_, expression, said) => {
        claims++;
        const thrown = /^throws (\w+): (.*)$/.exec(said);
        return thrown
          ? `assert.throws(() => ${expression}, { name: "${thrown[1]}", message: ${JSON.stringify(thrown[2])} });`
          : `assert.deepEqual(${expression}, ${said});`;
      });
    const AsyncFunction = (async () => {}).constructor;
    await new AsyncFunction("assert", "load", code)(assert, load);
    assert.equal(
      claims,
      examples.match(/;(?: |\n)\/\/ /g).length - silent,
      "a comment claims something that is not tested",
    );
  });
}

test("the diagnostic is the one that is printed", async () => {
  const tools = await (await load("privet/studio")).studio();
  const line = /^3 \| (.*)$/m.exec(rendered)[1];
  const levels = '"levels": [{ "id": "view", "label": "View" }]';
  const text = `{ "format": 1, "id": "shop", "title": "Shop", "version": "1",
  "privileges": [{ "id": "orders", "kind": "level", "label": "Orders", ${levels} }],
${line}
}`;
  const found = tools.check(text).filter(({ severity }) => severity === "error");
  assert.equal(tools.render(found, text).trimEnd(), rendered.trimEnd());
});
