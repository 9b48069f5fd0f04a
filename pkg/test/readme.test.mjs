// The README's JavaScript runs, and every line with a comment gives what the comment says.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { load } from "./package.mjs";

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
const examples = [...readme.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code]) => code);
const [, rendered] = /```text\n(error[\s\S]*?)```/.exec(readme);

test("the examples give what their comments say", async () => {
  assert.match(examples[0], /from "privet"/);
  const claim = /^(.+);(?: |\n)\/\/ (true|false|".*"|throws .*)$/gm;
  let claims = 0;
  // One example goes on where the one before it ended.
  const code = examples.join("").replace(/^import \{ (.*) \} from (".*");/gm, (_, names, entry) => {
    return `const { ${names.replaceAll(" as ", ": ")} } = await load(${entry});`;
  }).replace(claim, (_, expression, said) => {
    claims++;
    const thrown = /^throws (\w+): (.*)$/.exec(said);
    return thrown
      ? `assert.throws(() => ${expression}, { name: "${thrown[1]}", message: ${JSON.stringify(thrown[2])} });`
      : `assert.equal(${expression}, ${said});`;
  });
  const AsyncFunction = (async () => {}).constructor;
  const run = new AsyncFunction("assert", "load", code);
  await run(assert, load);
  assert.equal(claims, 12);
});

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
