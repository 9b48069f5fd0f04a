// `privet lsp`: each capability, asked by a client of the protocol through standard input and output of the installed bin.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { folderOf, privet } from "./support/cli.mjs";
import { startServer } from "./support/lsp.mjs";

const SHOP = `{
  // Café 😀
  "format": 1, "id": "shop", "title": "Café 😀", "version": "1",
  "verbs": [{ "id": "edit", "label": "Edit" }],
  "facts": [{ "id": "returns-on", "kind": "switch", "label": "Returns", "where": "Settings" }],
  "privileges": [
    { "id": "orders", "kind": "level", "label": "Orders", "levels": [{ "id": "view", "label": "View" }, { "id": "edit", "label": "Edit" }] },
    { "id": "refund", "kind": "flag", "label": "Refund", "note": "Money back", "requires": "orders >= edit" }
  ],
  "roles": [
    { "id": "clerk", "label": "Clerk", "grants": { "orders": "edit" } },
    { "id": "boss", "label": "Boss", "grants": { "orders": "edit", "refund": true } }
  ],
  "menu": [{ "id": "orders", "label": "Orders" }],
  "operations": [
    { "id": "orders.list", "label": "List 😀 orders", "menu": ["orders"], "requires": "orders >= view" },
    { "id": "returns.refund", "label": "Refund", "menu": ["orders"], "verbs": ["edit"], "requires": "refund and returns-on" }
  ]
}
`;
const TESTS = `{
  "cases": [
    { "name": "a boss refunds", "subject": { "roles": ["boss"], "grants": { "orders": "view" }, "facts": { "returns-on": true } },
      "expect": { "allowed": ["returns.refund"], "visible": ["orders"] } }
  ],
  "properties": [{ "nobodyMay": "returns.refund", "without": "refund and \\u006frders >= edit" }]
}
`;
const files = { "shop.privet.jsonc": SHOP, "shop.privet-test.jsonc": TESTS };

/** A server with the shop open. */
async function shopServer(context, text = SHOP, options) {
  const client = await startServer(context, folderOf(context, files), options);
  await client.open("shop.privet.jsonc", text);
  return client;
}
const simple = (diagnostics) =>
  diagnostics.map(({ code, severity, message, range: { start, end } }) => {
    const place = `${start.line + 1}:${start.character + 1}-${end.line + 1}:${end.character + 1}`;
    return `${["", "error", "warning"][severity]} ${code} ${place} ${message.replace("\n", "; ")}`;
  });

describe("diagnostics", () => {
  test("are sent for what is typed, and go when it is mended", async (context) => {
    const client = await shopServer(context);
    assert.deepEqual(await client.diagnostics("shop.privet.jsonc"), []);
    await client.edit("shop.privet.jsonc", "refund and returns-on", "refnd and returns-on");
    assert.deepEqual(simple(await client.diagnostics("shop.privet.jsonc")), [
      "error unknown-id 17:102-17:107 unknown fact, condition or privilege `refnd`; did you mean `refund`?",
    ]);
    await client.edit("shop.privet.jsonc", "refnd", "refund");
    assert.deepEqual(await client.diagnostics("shop.privet.jsonc"), []);
  });

  test("have places in UTF-16, with line ends of any system", async (context) => {
    const text = SHOP.replace('"List 😀 orders"', '"List", "nte": "😀"').replaceAll("\n", "\r\n");
    const client = await shopServer(
      context,
      text.replace('"menu": ["orders"], "requires"', '"menu": ["😀", "ordrs"], "requires"'),
    );
    assert.deepEqual(simple(await client.diagnostics("shop.privet.jsonc")), [
      "error unknown-key 16:45-16:50 unknown key `nte`; did you mean `note`?",
      "error invalid-id 16:67-16:71 `😀` is not an id; use letters and digits, joined by single `-`, `.`, `_` or `:`",
      "error unknown-id 16:73-16:80 unknown menu item `ordrs`; did you mean `orders`?",
    ]);
  });

  test("of included files are in these files, also while the buffers are not saved", async (context) => {
    const main = SHOP.replace('"verbs"', '"include": ["more/ops.privet.jsonc"],\n  "verbs"');
    const ops = '{\n  "operations": [{ "id": "x", "label": "X", "requires": "refnd" }]\n}\n';
    const folder = folderOf(context, { "shop.privet.jsonc": main, "more/ops.privet.jsonc": "{}" });
    const client = await startServer(context, folder, { workspace: false });
    await client.open("more/ops.privet.jsonc", ops);
    assert.deepEqual(simple(await client.diagnostics("more/ops.privet.jsonc")), [
      "error unknown-id 2:58-2:63 unknown fact, condition or privilege `refnd`; did you mean `refund`?",
    ]);
    assert.deepEqual(client.published.get(client.uri("shop.privet.jsonc")).diagnostics, []);
    await client.edit("more/ops.privet.jsonc", "refnd", "refund");
    const warnings = simple(await client.diagnostics("more/ops.privet.jsonc"));
    assert.deepEqual(warnings, []);
    const [place] = await client.request("textDocument/definition", client.at("more/ops.privet.jsonc", "refund"));
    assert.deepEqual(client.shown([place]), ["shop.privet.jsonc 9:14"]);
  });

  test("of a file outside of the folder say so", async (context) => {
    const client = await shopServer(context, SHOP.replace('"verbs"', '"include": ["../secret.jsonc"], "verbs"'));
    const found = simple(await client.diagnostics("shop.privet.jsonc"));
    assert.equal(found.length, 2);
    assert.match(found[0], /^error missing-file 4:\d+-4:\d+ file `..\/secret.jsonc` is not given/);
    assert.match(
      found[1],
      /^error outside 1:1-1:1 included file `..\/secret.jsonc` is outside of the folder of the document/,
    );
  });

  test("of several policies and of a buffer without a file do not mix, and closing clears them", async (context) => {
    const client = await shopServer(context, SHOP.replace("refund and", "refnd and"));
    await client.open("untitled:Untitled-1", '{ "format": 1 }');
    await client.open(
      "other.privet.jsonc",
      SHOP.replace('"shop"', '"other"').replace("orders >= view", "ordrs >= view"),
    );
    assert.match(simple(await client.diagnostics("shop.privet.jsonc"))[0], /`refnd`/);
    assert.match(simple(await client.diagnostics("other.privet.jsonc"))[0], /`ordrs`/);
    assert.deepEqual(simple(await client.diagnostics("untitled:Untitled-1")), [
      "error missing-key 1:1-1:16 missing key `id`",
      "error missing-key 1:1-1:16 missing key `title`",
      "error missing-key 1:1-1:16 missing key `version`",
    ]);
    await client.close("other.privet.jsonc");
    assert.deepEqual(await client.diagnostics("other.privet.jsonc", (list) => list.length === 0), []);
  });

  test("of policy tests name unknown ids and wrong shapes", async (context) => {
    const client = await shopServer(context);
    await client.diagnostics("shop.privet.jsonc");
    const wrong = TESTS.replace('"allowed": ["returns.refund"]', '"alowed": [], "denied": ["returns.refnd"]');
    await client.open("shop.privet-test.jsonc", wrong.replace('["boss"]', '["bos"]'));
    assert.deepEqual(simple(await client.diagnostics("shop.privet-test.jsonc")), [
      "error invalid-tests 4:17-4:85 unrecognized key: `alowed`",
      "error unknown-id 3:57-3:60 unknown fact, condition, privilege or role `bos`",
      "error unknown-id 4:45-4:58 unknown operation `returns.refnd`; did you mean `returns.refund`?",
    ]);
    await client.open("lonely.privet-test.jsonc", "{");
    assert.deepEqual(simple(await client.diagnostics("lonely.privet-test.jsonc")), [
      "error syntax 1:2-1:2 close brace expected",
    ]);
  });

  test("follow a file that another program changes", async (context) => {
    const folder = folderOf(context, { "a.jsonc": '{ "operations": [] }' });
    const client = await startServer(context, folder);
    await client.open("shop.privet.jsonc", SHOP.replace('"verbs"', '"include": ["a.jsonc"], "verbs"'));
    assert.deepEqual(await client.diagnostics("shop.privet.jsonc"), []);
    writeFileSync(join(folder, "a.jsonc"), '{ "operations": 1 }');
    await client.notify("workspace/didChangeWatchedFiles", { changes: [{ uri: client.uri("a.jsonc"), type: 2 }] });
    assert.deepEqual(simple(await client.diagnostics("a.jsonc", (list) => list.length > 0)), [
      "error invalid-value 1:17-1:18 expected a list, found a number",
    ]);
  });
});

describe("hover", () => {
  const hover = async (client, part, offset) =>
    (await client.request("textDocument/hover", client.at("shop.privet.jsonc", part, offset)))?.contents.value;

  test("says the label, the kind, the requirement in words and who gives it", async (context) => {
    const client = await shopServer(context);
    assert.equal(
      await hover(client, "refund and returns-on"),
      "**Refund** `refund` · flag privilege\n\nMoney back\n\nNeeds: Orders: Edit\n\nGiven by role: Boss",
    );
    assert.equal(
      await hover(client, "returns.refund"),
      "**Refund** `returns.refund` · operation\n\nNeeds: Refund and Returns is on\n\nAllowed by role: none\n\nDepending on facts: Boss",
    );
    assert.equal(await hover(client, ">= view", 4), "**View** `view` · level of orders\n\nGiven by role: Clerk, Boss");
    assert.equal(await hover(client, "boss"), "**Boss** `boss` · role\n\nGives: Orders: Edit, Refund");
    assert.equal(await hover(client, "returns-on", 10), "**Returns** `returns-on` · switch fact\n\nSettings");
    assert.equal(await hover(client, '"menu"', 2), "`menu` · key\n\nThe menu tree.");
    assert.equal(await hover(client, '"Refund"', 2), undefined);
    const { range } = await client.request("textDocument/hover", client.at("shop.privet.jsonc", "orders >= view"));
    assert.deepEqual(range, { start: { line: 15, character: 87 }, end: { line: 15, character: 93 } });
  });

  test("keeps what it knows while the document has errors, in tests too", async (context) => {
    const client = await shopServer(context);
    await hover(client, "refund and"); // the version that compiles is known
    await client.edit("shop.privet.jsonc", '"requires": "refund and returns-on" }', '"requires": "refund and  }');
    assert.equal(
      await hover(client, '"refund"'),
      "**Refund** `refund` · flag privilege\n\nMoney back\n\nNeeds: Orders: Edit\n\nGiven by role: Boss",
    );
    await client.open("shop.privet-test.jsonc", TESTS);
    const inTest = await client.request("textDocument/hover", client.at("shop.privet-test.jsonc", '"boss"', 3));
    assert.equal(inTest.contents.value, "**Boss** `boss` · role\n\nGives: Orders: Edit, Refund");
  });

  test("shows text of the document as text", async (context) => {
    const client = await shopServer(context, SHOP.replace('"Money back"', '"[x](command:evil) <b>"'));
    assert.match(await hover(client, "refund and"), /\\\[x\\\]\(command:evil\) \\<b\\>/);
  });
});

describe("completion", () => {
  /** The labels that are offered at `|` in what is typed in place of `old`; afterwards the buffer is as before. */
  async function offered(client, old, typed, name = "shop.privet.jsonc") {
    const text = typed.replace("|", "");
    await client.edit(name, old, text);
    const items = await client.request("textDocument/completion", client.at(name, text, typed.indexOf("|")));
    await client.edit(name, text, old);
    return items.map(({ label }) => label).join(" ");
  }

  test("offers what may follow in a requirement, with and without its end", async (context) => {
    const client = await shopServer(context);
    const old = '"requires": "refund and returns-on"';
    const cases = [
      ["", "returns-on orders refund not allowed( true false"],
      ["refund and ", "returns-on orders refund not allowed( true false"],
      ["not ord", "returns-on orders refund not allowed( true false"],
      ["orders ", ">= > <= < = != in and or"],
      ["refund ", "and or"],
      ["returns-on ", "and or"],
      ["orders >= ", "view edit"],
      ["orders >= v", "view edit"],
      ["orders in ", "("],
      ["orders in (view, ", "view edit"],
      ["allowed", "returns-on orders refund not allowed( true false"],
      ["allowed(or", "orders.list returns.refund"],
      ["orders is ", "set"],
      ["orders >= view ", "and or"],
      ["refund\\u0020and ", "returns-on orders refund not allowed( true false"],
    ];
    for (const [typed, labels] of cases) {
      assert.equal(await offered(client, old, `"requires": "${typed}|"`), labels, typed);
      assert.equal(await offered(client, old, `"requires": "${typed}|`), labels, typed);
    }
  });

  test("offers keys by kind, values of keys, and ids", async (context) => {
    const client = await shopServer(context);
    const flag = '"kind": "flag", "label": "Refund",';
    assert.equal(await offered(client, flag, '"kind": "flag", "|",'), "label cost grantedThrough group meta sources");
    assert.equal(
      await offered(client, flag, '"kind": "number", "label": "x", |'),
      "cost grantedThrough group max meta min sources unit",
    );
    assert.equal(await offered(client, flag, '"kind": "|", "label": "x",'), "flag level choice set number");
    assert.equal(await offered(client, '"menu": ["orders"], "verbs"', '"menu": ["|"], "verbs"'), "orders");
    assert.equal(await offered(client, '"verbs": ["edit"]', '"verbs": [|]'), "edit");
    const grants = '"grants": { "orders": "edit" }';
    assert.equal(await offered(client, grants, '"grants": { "|" }'), "orders refund");
    assert.equal(await offered(client, grants, '"grants": { "orders": "|" }'), "view edit");
    assert.equal(await offered(client, grants, '"grants": { "refund": | }'), "true");
    assert.equal(await offered(client, grants, '"inherits": ["|"]'), "clerk boss");
  });

  test("edits only what is typed", async (context) => {
    const client = await shopServer(context);
    await client.edit("shop.privet.jsonc", "refund and returns-on", "refund and ret");
    const items = await client.request("textDocument/completion", client.at("shop.privet.jsonc", "and ret", 7));
    const { textEdit, detail, kind } = items.find(({ label }) => label === "returns-on");
    assert.deepEqual([detail, kind], ["Returns · switch fact", 6]);
    assert.ok(client.applied("shop.privet.jsonc", [textEdit]).includes('"refund and returns-on"'));
    await client.edit("shop.privet.jsonc", '"requires": "refund and ret"', '"req"');
    const [key] = (await client.request("textDocument/completion", client.at("shop.privet.jsonc", '"req"', 4))).filter(
      ({ label }) => label === "requires",
    );
    assert.ok(client.applied("shop.privet.jsonc", [key.textEdit]).includes('"verbs": ["edit"], "requires":  }'));
  });

  test("knows the places of policy tests", async (context) => {
    const client = await shopServer(context);
    const name = "shop.privet-test.jsonc";
    await client.open(name, TESTS);
    const at = (old, typed) => offered(client, old, typed, name);
    assert.equal(await at('"roles": ["boss"]', '"roles": ["|"]'), "clerk boss");
    assert.equal(await at('{ "orders": "view" }', '{ "orders": "|" }'), "view edit");
    assert.equal(await at('{ "orders": "view" }', '{ "|" }'), "orders refund");
    assert.equal(await at('{ "returns-on": true }', '{ "returns-on": | }'), "true false");
    assert.equal(await at('"allowed": ["returns.refund"]', '"allowed": ["|"]'), "orders.list returns.refund");
    assert.equal(await at('"visible": ["orders"]', '"visible": ["|"]'), "orders");
    assert.equal(
      await at('"visible": ["orders"]', '"|": ["orders"]'),
      "denied undecided onlyAllowed obligations visible hidden",
    );
    assert.equal(
      await at('"without": "refund and', '"without": "refund and |'),
      "returns-on orders refund not allowed( true false",
    );
  });
});

describe("definition, references and rename", () => {
  test("go to where an id is declared, and to an included file", async (context) => {
    const client = await shopServer(context);
    const definition = async (part, offset) =>
      client.shown(await client.request("textDocument/definition", client.at("shop.privet.jsonc", part, offset)));
    assert.deepEqual(await definition("refund and"), ["shop.privet.jsonc 8:14 refund"]);
    assert.deepEqual(await definition(">= view", 4), ["shop.privet.jsonc 7:79 view"]);
    assert.deepEqual(await definition('["orders"], "requires"', 2), ["shop.privet.jsonc 14:21 orders"]);
    await client.open("shop.privet-test.jsonc", TESTS);
    const inTest = await client.request(
      "textDocument/definition",
      client.at("shop.privet-test.jsonc", "\\u006frders", 3),
    );
    assert.deepEqual(client.shown(inTest), ["shop.privet.jsonc 7:14 orders"]);
  });

  test("find the uses in the document and in its tests", async (context) => {
    const client = await shopServer(context);
    await client.open("shop.privet-test.jsonc", TESTS);
    const params = client.at("shop.privet.jsonc", "orders >= view");
    const references = (includeDeclaration) =>
      client.request("textDocument/references", { ...params, context: { includeDeclaration } });
    const uses = [
      "shop.privet.jsonc 8:93 orders",
      "shop.privet.jsonc 11:53 orders",
      "shop.privet.jsonc 12:51 orders",
      "shop.privet.jsonc 16:88 orders",
      "shop.privet-test.jsonc 3:78 orders",
      "shop.privet-test.jsonc 6:74 \\u006frders",
    ];
    assert.deepEqual(client.shown(await references(false)), uses);
    assert.deepEqual(client.shown(await references(true)), ["shop.privet.jsonc 7:14 orders", ...uses]);
  });

  test("rename everywhere, also in tests that are not open, and the result decides the same", async (context) => {
    const client = await shopServer(context);
    const params = client.at("shop.privet.jsonc", "orders >= view");
    const prepared = await client.request("textDocument/prepareRename", params);
    assert.deepEqual(prepared, {
      range: { start: { line: 15, character: 87 }, end: { line: 15, character: 93 } },
      placeholder: "orders",
    });
    const { documentChanges } = await client.request("textDocument/rename", { ...params, newName: "sales" });
    assert.deepEqual(
      documentChanges.map(({ textDocument }) => [textDocument.uri.split("/").at(-1), textDocument.version]),
      [
        ["shop.privet.jsonc", 1],
        ["shop.privet-test.jsonc", null],
      ],
    );
    await client.open("shop.privet-test.jsonc", TESTS);
    for (const { textDocument, edits } of documentChanges) {
      const name = textDocument.uri.split("/").at(-1);
      writeFileSync(join(client.folder, name), client.applied(name, edits));
    }
    const { status, out } = privet(client.folder, ["test"]);
    assert.equal(status, 0, out);
    assert.match(out, /1 of 1 case passed, 1 of 1 property proved/);
    assert.equal(privet(client.folder, ["check", "--fail-on", "warning", "shop.privet.jsonc"]).status, 0);
  });

  test("refuse a name that is no id or taken, and answer clients without versions", async (context) => {
    const client = await shopServer(context, SHOP, { documentChanges: false });
    const params = client.at("shop.privet.jsonc", "refund and");
    const refused = (newName, message) =>
      assert.rejects(client.request("textDocument/rename", { ...params, newName }), { code: -32602, message });
    await refused("orders", "`orders` is declared already");
    await refused("a b", /^`a b` is not an id: /);
    await refused("not", "`not` is a keyword");
    await refused("value", "no privilege is called `value`");
    const { changes } = await client.request("textDocument/rename", { ...params, newName: "money-back" });
    assert.deepEqual(
      Object.keys(changes).map((uri) => uri.split("/").at(-1)),
      ["shop.privet.jsonc", "shop.privet-test.jsonc"],
    );
    assert.equal(await client.request("textDocument/prepareRename", client.at("shop.privet.jsonc", '"Café')), null);
  });
});

describe("corrections, symbols and layout", () => {
  test("a suggestion becomes a quick fix", async (context) => {
    const client = await shopServer(context);
    const uri = client.uri("shop.privet.jsonc");
    for (const [old, wrong, title] of [
      ["refund and returns-on", "refnd and returns-on", "Replace by `refund`"],
      ['["orders"]', '["ordrs"]', "Replace by `orders`"],
      ['"label": "Clerk"', '"labl": "Clerk"', "Replace by `label`"],
      ["refund and returns-on", "refund && returns-on", "Replace by `and`"],
      ["refund and returns-on", "refund AND returns-on", "Replace by `and`"],
      ['"label": "Edit" }],\n  "facts"', '"label": "Edit", }],\n  "facts"', "Remove the comma"],
    ]) {
      await client.edit("shop.privet.jsonc", old, wrong);
      const diagnostics = await client.diagnostics("shop.privet.jsonc");
      assert.ok(diagnostics.length > 0, wrong);
      const actions = await client.request("textDocument/codeAction", {
        textDocument: { uri },
        range: diagnostics[0].range,
        context: { diagnostics, only: ["quickfix"] },
      });
      assert.deepEqual(
        actions.map((action) => [action.title, action.kind]),
        [[title, "quickfix"]],
      );
      const [{ edits }] = actions[0].edit.documentChanges;
      assert.equal(client.applied("shop.privet.jsonc", edits), SHOP, wrong);
      await client.edit("shop.privet.jsonc", wrong, old);
    }
  });

  test("symbols of the document are a tree, those of the workspace a list", async (context) => {
    const client = await shopServer(context);
    const symbols = await client.request("textDocument/documentSymbol", {
      textDocument: { uri: client.uri("shop.privet.jsonc") },
    });
    assert.deepEqual(
      symbols.map(({ name, children }) => [name, ...children.map((child) => child.name)].join(" ")),
      ["edit", "returns-on", "orders view edit", "refund", "clerk", "boss", "orders", "orders.list", "returns.refund"],
    );
    assert.equal(symbols[2].detail, "Orders · level privilege");
    const found = await client.request("workspace/symbol", { query: "refund" });
    assert.deepEqual(
      found.map(({ name, containerName }) => `${name}: ${containerName}`),
      ["refund: Refund · flag privilege", "returns.refund: Refund · operation"],
    );
  });

  test("formatting is that of `privet format`, and leaves a text with errors alone", async (context) => {
    const client = await shopServer(context);
    const params = {
      textDocument: { uri: client.uri("shop.privet.jsonc") },
      options: { tabSize: 4, insertSpaces: false },
    };
    const edits = await client.request("textDocument/formatting", params);
    const formatted = privet(client.folder, ["format", "-"], { input: SHOP }).out;
    assert.equal(client.applied("shop.privet.jsonc", edits), formatted);
    await client.edit("shop.privet.jsonc", '"format": 1,', '"format": ,');
    assert.deepEqual(await client.request("textDocument/formatting", params), []);
  });
});

test("the server ends when it is told to, and prints nothing but the protocol", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "privet-lsp-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const client = await startServer(context, folder, { workspace: false });
  assert.deepEqual(client.capabilities.textDocumentSync, { openClose: true, change: 2 });
  assert.equal(await client.stop(), 0);
});
