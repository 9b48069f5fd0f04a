// What the command line reads and writes: inputs that say two things are refused, and outputs are whole and take no input's place.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { folderOf, json, privet, refused, SHOP } from "./support/cli.mjs";

const MIA = { roles: ["clerk"] };
/** The names of the files in a folder; temporary ones would be among them. */
const names = (folder) => readdirSync(folder).sort();

describe("JSON that is read", () => {
  const twice = '{ "roles": ["clerk"],\n  "roles": ["boss"] }';
  const files = {
    "shop.jsonc": SHOP,
    "mia.json": MIA,
    "twice.json": twice,
    "escaped.json": '{ "roles": ["clerk"], "r\\u006fles": ["boss"] }',
    "proto.json": '{ "facts": { "__proto__": { "returns-on": true } } }',
    "comma.json": '{ "roles": ["clerk", /* and */ ] }',
    "people.json": '{ "Mia": { "roles": ["clerk"] }, "Mia": { "roles": ["boss"] } }',
    "proto-people.json": '{ "__proto__": { "roles": ["clerk"] } }',
    "facts.json": '{ "returns-on": true, "returns-on": false }',
    "a.privet-test.jsonc": '{ "policy": "shop.jsonc", "policy": "other.jsonc", "cases": [] }',
  };

  test("has each key once, and no `__proto__`", (context) => {
    const folder = folderOf(context, files);
    const DUPLICATE = /has the duplicate key `roles` at line 2, column 3; remove one of the two/;
    for (const command of ["decide", "explain", "fixes"])
      refused(privet(folder, [command, "shop.jsonc", "twice.json", "orders.edit"]), DUPLICATE);
    assert.equal(json(folder, ["decide", "shop.jsonc", "twice.json"]).output.error.code, "duplicate-key");
    refused(privet(folder, ["decide", "shop.jsonc", "-"], { input: twice }), /standard input has the duplicate key/);
    refused(privet(folder, ["decide", "shop.jsonc", "escaped.json"]), /the duplicate key `roles` at line 1, column 23/);
    refused(privet(folder, ["decide", "shop.jsonc", "proto.json"]), /the key `__proto__` at line 1, column 14; remove/);
    for (const args of [
      ["matrix", "shop.jsonc", "people.json"],
      ["diff", "shop.jsonc", "shop.jsonc", "--people", "people.json"],
      ["export", "shop.jsonc", "--to", "cedar", "--people", "people.json"],
    ])
      refused(privet(folder, args), /`people\.json` has the duplicate key `Mia`/);
    refused(privet(folder, ["matrix", "shop.jsonc", "proto-people.json"]), /the key `__proto__`/);
    refused(privet(folder, ["matrix", "shop.jsonc", "--facts", "facts.json"]), /the duplicate key `returns-on`/);
    refused(privet(folder, ["test", "a.privet-test.jsonc"]), /the duplicate key `policy`/);
  });

  test("tells a trailing comma as one", (context) => {
    const folder = folderOf(context, files);
    refused(
      privet(folder, ["decide", "shop.jsonc", "comma.json"]),
      /`comma\.json` is not JSON: trailing comma at line 1, column 20; remove it/,
    );
    refused(privet(folder, ["format", "-"], { input: '{ "a": 1,}' }), /trailing comma at line 1, column 9/);
    refused(privet(folder, ["format", "-"], { input: "[,]" }), /value expected at line 1, column 2/);
  });

  test("in lines has each key once too", (context) => {
    const folder = folderOf(context, {
      ...files,
      "people.jsonl":
        '{"name":"a","roles":["clerk"]}\n{"name":"b","roles":["clerk"],"roles":["boss"]}\n{"name":"c: \\"d\\":"}\n',
    });
    const { status, out, err } = privet(folder, ["matrix", "shop.jsonc", "people.jsonl", "--who-can", "orders.edit"]);
    assert.deepEqual([status, out], [1, "name\r\na\r\n"]);
    assert.match(
      err,
      /^warning: person 2: line 2: it has the duplicate key `roles` at column 31; remove one of the two\n/,
    );
  });
});

describe("facts of everybody", () => {
  test("are facts of the policy, for every command", (context) => {
    const folder = folderOf(context, {
      "shop.jsonc": SHOP,
      "later.jsonc": { ...SHOP, facts: [...SHOP.facts, { id: "sale", kind: "switch", label: "Sale" }] },
      "unknown.json": { "returns-onn": true },
      "wrong.json": { "returns-on": "maybe" },
      "list.json": [true],
      "sale.json": { sale: true },
    });
    const all = [
      ["matrix", "shop.jsonc"],
      ["diff", "shop.jsonc", "shop.jsonc"],
      ["export", "shop.jsonc", "--to", "cedar"],
    ];
    for (const args of all) {
      refused(privet(folder, [...args, "--facts", "unknown.json"]), /`unknown\.json`: .*`returns-onn`.*did you mean/);
      refused(privet(folder, [...args, "--facts", "wrong.json"]), /`wrong\.json`: .*`returns-on`/);
      refused(privet(folder, [...args, "--facts", "list.json"]), /`list\.json` has no facts/);
      refused(privet(folder, [...args, "--facts", "sale.json"]), /`sale\.json`: .*`sale`/);
    }
    assert.equal(privet(folder, ["diff", "shop.jsonc", "later.jsonc", "--facts", "sale.json"]).status, 0);
  });
});

describe("people", () => {
  test("are read alike by matrix, diff and export, and those who are refused make the exit status 1", (context) => {
    const folder = folderOf(context, {
      "shop.jsonc": SHOP,
      "facts.json": { "returns-on": true },
      "people.csv": "name,roles\nMia,clerk\nTom,nobody\n",
      "people.jsonl": '{"name":"Mia","roles":["clerk"]}\n{"name":"Tom","roles":["nobody"]}\n',
      "people.json": [
        { name: "Mia", roles: ["clerk"] },
        { name: "Tom", roles: ["nobody"] },
      ],
    });
    for (const file of ["people.csv", "people.jsonl", "people.json"]) {
      const diff = json(folder, ["diff", "shop.jsonc", "shop.jsonc", "--people", file]);
      assert.deepEqual([diff.status, diff.output.errors.map(({ name }) => name)], [1, ["Tom"]], file);
      const cedar = json(folder, ["export", "shop.jsonc", "--to", "cedar", "--people", file, "--facts", "facts.json"]);
      assert.deepEqual([cedar.status, cedar.output.errors.map(({ name }) => name)], [1, ["Tom"]], file);
      assert.match(cedar.output.files["shop.entities.json"], /"id": "Mia"/);
      assert.equal(privet(folder, ["matrix", "shop.jsonc", file]).status, 1);
    }
  });

  test("have names of their own where names are keys", (context) => {
    const folder = folderOf(context, {
      "shop.jsonc": SHOP,
      "people.json": [
        { name: "d", roles: ["boss"] },
        { name: "d", roles: ["clerk"] },
      ],
      "nameless.json": [{ name: "", roles: ["clerk"] }],
    });
    refused(
      privet(folder, ["export", "shop.jsonc", "--to", "cedar", "--people", "people.json"]),
      /two people of `people\.json` are named `d`; give each a name of their own/,
    );
    assert.equal(json(folder, ["matrix", "shop.jsonc", "nameless.json"]).output.rows[0].name, "person 1");
  });
});

describe("an option without a value", () => {
  test("is refused", (context) => {
    const folder = folderOf(context, { "shop.jsonc": SHOP });
    for (const [args, option] of [
      [["test", "--min-coverage", ""], "--min-coverage"],
      [["docs", "shop.jsonc", "-o", ""], "--out"],
      [["diff", "shop.jsonc", "shop.jsonc", "--fail-on", ""], "--fail-on"],
      [["matrix", "shop.jsonc", "--facts="], "--facts"],
      [["serve", "shop.jsonc", "--port", " "], "--port"],
    ])
      refused(privet(folder, args), new RegExp(`^error: the value of ${option} is empty; give one`));
    assert.deepEqual(names(folder), ["shop.jsonc"]);
    refused(privet(folder, ["test", "--min-coverage", "0x10"]), /no percentage/);
  });
});

describe("files that are written", () => {
  test("take no place of an input, a policy document, or a folder", (context) => {
    const folder = folderOf(context, {
      "shop.privet.jsonc": SHOP,
      "shop.jsonc": SHOP,
      "other.privet.jsonc": SHOP,
      "people/matrix.csv": "name,roles\nMia,clerk\n",
    });
    symlinkSync("shop.privet.jsonc", join(folder, "link.wasm"));
    const read = (name) => readFileSync(join(folder, name), "utf8");
    const embed = (out) => privet(folder, ["embed", "shop.privet.jsonc", "-o", out]);
    for (const out of ["shop.privet.jsonc", "other.privet.jsonc", "new.json", "shop.privetpack"])
      refused(embed(out), /is no name for a module; give one that ends with \.wasm/);
    refused(embed("link.wasm"), /cannot write `link\.wasm`: this command reads it; give another place/);
    refused(embed("people"), /cannot write `people`: it is a folder; `-o` names a file/);
    refused(privet(folder, ["matrix", "shop.jsonc", "people/matrix.csv", "-o", "people"]), /this command reads it/);
    assert.equal(read("people/matrix.csv"), "name,roles\nMia,clerk\n");
    for (const name of ["shop.privet.jsonc", "other.privet.jsonc"]) assert.deepEqual(JSON.parse(read(name)), SHOP);
    assert.deepEqual(names(folder), ["link.wasm", "other.privet.jsonc", "people", "shop.jsonc", "shop.privet.jsonc"]);
  });

  test("are all there, or those that were before", (context) => {
    const folder = folderOf(context, {
      "shop.jsonc": SHOP,
      "docs/privileges.md": "before",
      "docs/privileges.html/x": "",
      "out/matrix.csv": "before",
      "bad.jsonl": Buffer.concat([Buffer.from(`{"roles":["clerk"]}\n`.repeat(20_000)), Buffer.from([0xff, 10])]),
    });
    refused(
      privet(folder, ["docs", "shop.jsonc", "-o", "docs"]),
      /cannot write `docs\/privileges\.html`: it is a folder/,
    );
    assert.deepEqual(names(join(folder, "docs")), ["privileges.html", "privileges.md"]);
    assert.equal(readFileSync(join(folder, "docs/privileges.md"), "utf8"), "before");
    refused(
      privet(folder, ["matrix", "shop.jsonc", "bad.jsonl", "-o", "out"]),
      /line 20001 of `bad\.jsonl` is not valid/,
    );
    refused(privet(folder, ["matrix", "shop.jsonc", "none.csv", "-o", "out"]), /no such file/);
    assert.deepEqual(names(join(folder, "out")), ["matrix.csv"]);
    assert.equal(readFileSync(join(folder, "out/matrix.csv"), "utf8"), "before");
    assert.equal(privet(folder, ["embed", "shop.jsonc", "-o", "/dev/null"]).status, 0);
  });

  test("are drafts with an id that a policy can have", (context) => {
    const folder = folderOf(context);
    for (const id of ["constructor", "and", "true", "set", "actor.x"]) {
      refused(privet(folder, ["init", "--yes", "--id", id]), /is a reserved word/);
      assert.deepEqual(names(folder), []);
    }
    assert.equal(privet(folder, ["init", "--yes", "--id", "role"]).status, 0);
  });
});

describe("policy tests", () => {
  test("name a policy in their folder or below it", (context) => {
    const policyOf = (policy) => ({
      policy,
      cases: [{ name: "x", subject: MIA, expect: { allowed: ["orders.edit"] } }],
    });
    const folder = folderOf(context, {
      "secret.jsonc": "root:x:0",
      "p/a.privet-test.jsonc": policyOf("../secret.jsonc"),
      "p/b.privet-test.jsonc": policyOf("/etc/passwd"),
      "p/c.privet-test.jsonc": policyOf("link.jsonc"),
      "p/d.privet-test.jsonc": policyOf("below/shop.jsonc"),
      "p/e.privet-test.jsonc": { cases: [] },
      "p/below/shop.jsonc": SHOP,
    });
    for (const link of ["link.jsonc", "e.privet.jsonc"])
      symlinkSync(join(folder, "secret.jsonc"), join(folder, "p", link));
    const of = (name) => privet(folder, ["test", `p/${name}.privet-test.jsonc`]);
    for (const name of ["a", "b"]) {
      refused(of(name), /policy `[^`]*` is outside of the folder of the tests; move the file beside the tests/);
      assert.doesNotMatch(of(name).err, /root:/);
    }
    for (const name of ["c", "e"]) refused(of(name), /links to a file outside of the folder of the tests/);
    assert.equal(of("d").status, 0);
  });

  test("expect something", (context) => {
    const folder = folderOf(context, { "shop.jsonc": SHOP });
    const of = (expect) => {
      const tests = { policy: "shop.jsonc", cases: [{ name: "x", subject: {}, expect }] };
      writeFileSync(join(folder, "a.privet-test.jsonc"), JSON.stringify(tests));
      return privet(folder, ["test"]);
    };
    for (const expect of [{}, { allowed: [] }, { obligations: {} }, { allowed: [], hidden: [] }])
      refused(of(expect), /nothing is expected, so nothing is tested: .* at `\/cases\/0\/expect`/);
    assert.equal(of({ onlyAllowed: [] }).status, 0);
  });
});

describe("messages", () => {
  test("name the file, and what to do", (context) => {
    const folder = folderOf(context, {
      "shop.jsonc": SHOP,
      "mia.json": MIA,
      "out.jsonc": { ...SHOP, include: ["../a.jsonc", "../b.jsonc"] },
      "unknown.json": { roles: ["clark"] },
      "dup.csv": "permission,Nurse,Nurse\nA,x,\nA,,x\n",
      "cycle.yaml": "a: &a [*a, *a]\n",
      "twice.csv": "name,roles,Name\nMia,clerk,Tom\n",
    });
    assert.equal(privet(folder, ["build", "shop.jsonc", "-o", "stripped", "--strip"]).status, 0);
    const pack = "stripped/shop.privetpack";
    writeFileSync(join(folder, "cut.privetpack"), readFileSync(join(folder, pack)).subarray(0, 100));
    const STRIPPED = /`stripped\/shop\.privetpack` is a pack without its document, as `build --strip` writes it; give/;
    for (const args of [
      ["docs", pack],
      ["explain", pack, "mia.json", "orders.edit"],
      ["diff", "shop.jsonc", pack],
      ["diff", pack, "shop.jsonc"],
      ["types", pack],
    ])
      refused(privet(folder, args), STRIPPED);
    assert.equal(privet(folder, ["decide", pack, "mia.json"]).status, 0);
    for (const args of [
      ["matrix", "cut.privetpack"],
      ["embed", "cut.privetpack", "-o", "x.wasm"],
    ])
      refused(privet(folder, args), /^error: `cut\.privetpack`: /);
    refused(privet(folder, ["decide", "shop.jsonc", "unknown.json"]), /`unknown\.json`: .*did you mean `clerk`/);
    refused(
      privet(folder, ["check", "out.jsonc"]),
      /included file `\.\.\/a\.jsonc`, `\.\.\/b\.jsonc` is outside of the folder of the document `out\.jsonc`; move/,
    );
    const some = privet(folder, ["check", "none.jsonc", "shop.jsonc", "gone.jsonc"]);
    assert.deepEqual([some.status, some.out], [2, "`shop.jsonc`: no findings\n"]);
    assert.match(some.err, /^error: cannot read `none\.jsonc`: .*\nerror: cannot read `gone\.jsonc`: .*\n$/);
    refused(
      privet(folder, ["matrix", "shop.jsonc", "twice.csv"]),
      /two columns of `twice\.csv` are `name`; leave one out/,
    );
    refused(privet(folder, ["init", "cycle.yaml", "--yes"]), /`cycle\.yaml` has an alias of what it stands in/);
    const { output } = json(folder, ["init", "dup.csv", "--yes", "-o", "new folder"]);
    assert.ok(output.notes.some((note) => /^Roles with the same name, .*: Nurse\.$/.test(note)));
    assert.ok(output.notes.some((note) => /^Permissions with the same name, .*: A\.$/.test(note)));
    const { out } = privet(folder, ["init", "--yes", "-o", "new folder"]);
    assert.match(out, /next: npx privet check 'new folder\/policy\.privet\.jsonc'; npx privet build 'new folder/);
  });

  test("of usage name the command's help, also in JSON", (context) => {
    const folder = folderOf(context, { "shop.jsonc": SHOP });
    refused(privet(folder, ["help", "zz"]), /^error: unknown command 'zz'; see privet --help\n$/);
    assert.match(privet(folder, ["help", "matrix"]).out, /^Usage: privet matrix /);
    refused(
      privet(folder, ["init", "a", "b"]),
      /^error: too many arguments for 'init': expected 1 argument but got 2; see privet init --help\n$/,
    );
    const { error } = json(folder, ["init", "a", "b"]).output;
    assert.match(error.message, /but got 2; see privet init --help$/);
    assert.match(json(folder, ["check", "--forma", "x"]).output.error.message, /; did you mean --format\?$/);
  });

  test("tell the line of a table from which it is no text", (context) => {
    const row = "Mia,clerk\n";
    const bytes = Buffer.concat([
      Buffer.from(`name,roles\n${row.repeat(30_000)}`),
      Buffer.from("Ren\xe9,clerk\n", "latin1"),
    ]);
    const folder = folderOf(context, { "shop.jsonc": SHOP, "people.csv": bytes });
    const { status, err } = privet(folder, [
      "matrix",
      "shop.jsonc",
      "people.csv",
      "--who-can",
      "orders.edit",
      "-o",
      "out",
    ]);
    assert.equal(status, 2);
    assert.match(err, /it is no text in utf-8 from line 30002 on; save it as UTF-8/);
  });
});
