// A document that includes files, as text and as objects.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { privet, tools } from "./support/policies.mjs";

const document = {
  format: 1,
  id: "shop",
  title: "Shop",
  version: "1",
  include: ["orders.jsonc"],
  operations: [{ id: "orders.list", label: "List orders", requires: "orders" }],
};
const orders = `{
  // Who may see orders
  "privileges": [{ "id": "orders", "kind": "flag", "label": "Orders" }, { "id": "spare", "kind": "flag", "label": "Spare" }]
}`;

describe("a document over several files", () => {
  test("compiles to the pack of the whole document", () => {
    const { include, ...first } = document;
    const whole = { ...first, privileges: JSON.parse(orders.replace(/\/\/.*/, "")).privileges };
    const pack = tools.compile(document, { files: { "orders.jsonc": orders } });
    assert.deepEqual(pack, tools.compile(whole));
    assert.deepEqual(
      tools.compile(JSON.stringify(document), {
        files: { "orders.jsonc": JSON.parse(JSON.stringify({ privileges: whole.privileges })) },
      }),
      pack,
    );
    assert.deepEqual(privet.open(pack).privileges, ["orders", "spare"]);
    assert.deepEqual(include, ["orders.jsonc"]);
  });

  test("diagnostics name the file, and have positions in texts alone", () => {
    const start = orders.indexOf('{ "id": "spare"');
    const found = tools.check(document, { files: { "orders.jsonc": orders } });
    assert.deepEqual(found, [
      {
        code: "unused-privilege",
        severity: "warning",
        message: "no requirement reads privilege `spare`",
        help: "a grant of it has no effect: read it in a requirement, or remove it",
        file: "orders.jsonc",
        pointer: "/privileges/1",
        place: "/privileges/spare",
        span: { start, end: orders.lastIndexOf("]"), line: 3, column: start - orders.lastIndexOf("\n", start) },
      },
    ]);
    const twice = '{ "privileges": [{ "id": "orders", "kind": "flag", "label": "Orders" }] }';
    const [{ span, related, ...rest }] = tools.check(JSON.stringify({ ...document, include: ["a", "b"] }), {
      files: { a: twice, b: JSON.parse(twice) },
    });
    assert.deepEqual([span, rest.file, rest.pointer], [undefined, "b", "/privileges/0/id"]);
    assert.deepEqual(related, [
      {
        message: "`orders` is first declared here",
        file: "a",
        pointer: "/privileges/0/id",
        span: { start: 25, end: 33, line: 1, column: 26 },
      },
    ]);
  });

  test("excerpts are of the file", () => {
    const options = { files: { "orders.jsonc": orders } };
    const text = JSON.stringify(document);
    assert.equal(
      tools.render(tools.check(text, options), text, options).split("\n")[1],
      " --> orders.jsonc:3:73 (/privileges/1)",
    );
  });

  test("a file that is missing prevents compiling, and wrong options are refused", () => {
    assert.throws(() => tools.compile(document), {
      code: "invalid-policy",
      message: "policy has 1 error; first in the document: file `orders.jsonc` is not given",
    });
    assert.throws(() => tools.compile(document, { files: { "orders.jsonc": "{" } }), {
      message: "policy has 1 error; first in `orders.jsonc`: unterminated object",
    });
    const refused = (options, message) =>
      ["check", "compile"].map((method) =>
        assert.throws(() => tools[method](document, options), { code: "invalid-options", message }),
      );
    refused({ file: {} }, "unknown option `file`; `files` can be given");
    for (const files of [7, "x", { a: 7 }, { a: null }])
      refused({ files }, "`files` is not an object of files; pass an object of texts or objects by name");
    const cyclic = {};
    cyclic.cyclic = cyclic;
    assert.equal(
      tools.check(document, { files: { "orders.jsonc": cyclic } })[0].message,
      "document cannot be written as JSON",
    );
  });
});
