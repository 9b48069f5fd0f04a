// Runs the JavaScript of the documents and compares each result with the comment behind it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { load } from "./support/package.mjs";

const text = (file) => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
const [, rendered] = /```text\n(error[\s\S]*?)```/.exec(text("README.md"));

// By document: the number of comments behind a statement that state no result.
for (const [document, silent] of Object.entries({ "README.md": 1, "docs/studio.md": 0 })) {
  test(`the examples of ${document} give the results in their comments`, async () => {
    const examples = [...text(document).matchAll(/```js\n([\s\S]*?)```/g)].map(([, example]) => example).join("");
    const imported = (_, names, from) => `const {${names.replaceAll(" as ", ": ")}} = await load("${from}");`;
    const claim = /^(.+);(?: |\n)\/\/ (true|false|\d+|["[{].*|throws .*)$/gm;
    let claims = 0;
    const code = examples
      .replace(/^import \{(.*)\} from "(.*)";.*$/gm, imported)
      .replace(claim, (_, expression, stated) => {
        claims++;
        const thrown = /^throws (\w+): (.*)$/.exec(stated);
        return thrown
          ? `assert.throws(() => ${expression}, { name: "${thrown[1]}", message: ${JSON.stringify(thrown[2])} });`
          : `assert.deepEqual(${expression}, ${stated});`;
      });
    const AsyncFunction = (async () => {}).constructor;
    await new AsyncFunction("assert", "load", code)(assert, load);
    assert.equal(
      claims,
      examples.match(/;(?: |\n)\/\/ /g).length - silent,
      "a comment states a result in a form that is not tested",
    );
  });
}

test("the diagnostic in the README is correct", async () => {
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
