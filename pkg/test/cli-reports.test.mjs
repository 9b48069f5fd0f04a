// The command line: diff, matrix, docs and format.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { folderOf, json, privet, refused, SHOP } from "./support/cli.mjs";
import { random } from "./support/random.mjs";

const sources = fileURLToPath(new URL("../../src/policies/", import.meta.url));

/** The shop in which refunds move, clerks get refunds, and orders are listed by everybody who edits. */
const LATER = {
  ...SHOP,
  version: "2",
  roles: [{ ...SHOP.roles[0], grants: { orders: "edit", refund: true } }, SHOP.roles[1]],
  menu: [SHOP.menu[0], { id: "returns", label: "Returns" }],
  operations: [
    { ...SHOP.operations[0], requires: "orders >= edit" },
    SHOP.operations[1],
    { ...SHOP.operations[2], requires: "refund" },
  ],
};
const PEOPLE = [
  { name: "Mia", roles: ["clerk"] },
  { name: "Tom", grants: { orders: "view" } },
  { name: "Ada | <b>", roles: ["nobody"] },
];

describe("diff", () => {
  test("of equal versions says so; of others what each role and person gains and loses, menu included", (context) => {
    const folder = folderOf(context, { "a.jsonc": SHOP, "b.jsonc": LATER, "people.json": PEOPLE });
    assert.equal(privet(folder, ["diff", "a.jsonc", "a.jsonc"]).out, "the versions are equal in meaning\n");
    const { status, output } = json(folder, ["diff", "a.jsonc", "b.jsonc", "--people", "people.json"]);
    assert.equal(status, 1, "one of the people is left out");
    const [clerk, boss] = output.roles;
    assert.deepEqual([clerk.name, clerk.gained, clerk.lost], ["clerk", ["returns.refund"], []]);
    assert.deepEqual([clerk.shown, clerk.hidden, clerk.owed], [["returns"], [], ["returns.refund: log"]]);
    assert.deepEqual([boss.gained, boss.shown, boss.hidden], [["returns.refund"], ["returns"], []]);
    assert.deepEqual(
      output.people.map(({ name, gained, lost }) => [name, gained, lost]),
      [
        ["Mia", ["returns.refund"], []],
        ["Tom", [], ["orders.list"]],
      ],
    );
    assert.deepEqual(
      output.errors.map(({ name }) => name),
      ["Ada | <b>"],
    );
    const moved = { ...SHOP, menu: LATER.menu };
    const both = folderOf(context, { "a.jsonc": SHOP, "b.jsonc": moved, "facts.json": { "returns-on": true } });
    const [only] = json(both, ["diff", "a.jsonc", "b.jsonc", "--facts", "facts.json"]).output.roles;
    assert.deepEqual(
      [only.name, only.gained, only.shown, only.hidden],
      ["boss", [], ["returns"], ["orders > returns"]],
    );
  });

  test("tells what a number may be, and that issued tokens are stale, also where only the id of the policy differs", (context) => {
    const limit = (max) => ({ id: "limit", kind: "number", label: "Limit", max });
    const [before, after] = [10, 20].map((max) => ({ ...SHOP, privileges: [...SHOP.privileges, limit(max)] }));
    const folder = folderOf(context, { "a.jsonc": before, "b.jsonc": after, "c.jsonc": { ...before, id: "shop-2" } });
    const stale = "! issued tokens are stale: the later version refuses them, so sessions are made again\n";
    assert.equal(
      privet(folder, ["diff", "a.jsonc", "b.jsonc"]).out,
      `~ values of limit: number, 0 to 10 → number, 0 to 20\n${stale}`,
    );
    assert.equal(privet(folder, ["diff", "a.jsonc", "c.jsonc"]).out, stale);
    assert.equal(privet(folder, ["diff", "a.jsonc", "c.jsonc", "--fail-on", "any"]).status, 1);
    assert.equal(json(folder, ["diff", "a.jsonc", "a.jsonc"]).output.staleTokens, false);
  });

  test("exits with 1 for what --fail-on names", (context) => {
    const folder = folderOf(context, { "a.jsonc": SHOP, "b.jsonc": LATER });
    const status = (...args) => privet(folder, ["diff", ...args]).status;
    assert.equal(status("a.jsonc", "b.jsonc"), 0);
    for (const finding of ["gained", "lost", "menu", "obligations", "any"]) {
      assert.equal(status("a.jsonc", "b.jsonc", "--fail-on", finding), 1, finding);
      assert.equal(status("a.jsonc", "a.jsonc", "--fail-on", finding), 0, finding);
    }
    refused(privet(folder, ["diff", "a.jsonc", "b.jsonc", "--fail-on", "losses"]), /`losses` is no value of --fail-on/);
  });

  test("as Markdown has no markup of the policy or of people", (context) => {
    const evil = { ...LATER, version: "<img src=x>|`*", roles: [LATER.roles[0]] };
    const people = [{ name: "<script>|*x*", roles: ["clerk"] }];
    const folder = folderOf(context, { "a.jsonc": SHOP, "b.jsonc": evil, "people.json": people });
    const { out } = privet(folder, ["diff", "a.jsonc", "b.jsonc", "--people", "people.json", "--format", "markdown"]);
    assert.match(out, /^### Policy `shop`: 1 → \\<img src=x\\>\\\|\\`\\\*\n/);
    assert.match(out, /\| clerk \| may now `returns\.refund`/);
    assert.match(out, /\| \\<script\\>\\\|\\\*x\\\* \|/);
    assert.doesNotMatch(out, /[^\\]<(img|script)/);
    assert.equal(
      privet(folder, ["diff", "a.jsonc", "b.jsonc", "-o", "out", "--format", "markdown"]).out,
      "wrote out/diff.md\n",
    );
  });

  test("reads git revisions, with the files that they include", (context) => {
    const { operations, ...rest } = SHOP;
    const files = { "p/shop.jsonc": { ...rest, include: ["ops.jsonc"] }, "p/ops.jsonc": { operations: [] } };
    const folder = folderOf(context, files);
    const git = (...args) =>
      execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b.c", ...args], { cwd: folder, stdio: "pipe" });
    git("init", "-q");
    git("add", ".");
    const first = { ...rest, guides: [], include: ["ops.jsonc"] };
    execFileSync("tee", [join(folder, "p/shop.jsonc")], { input: JSON.stringify(first) });
    execFileSync("tee", [join(folder, "p/ops.jsonc")], {
      input: JSON.stringify({ operations: operations.slice(0, 2) }),
    });
    git("add", ".");
    git("commit", "-qm", "one");
    execFileSync("tee", [join(folder, "p/ops.jsonc")], { input: JSON.stringify({ operations }) });
    const { output } = json(folder, ["diff", "HEAD:p/shop.jsonc", "p/shop.jsonc"]);
    assert.deepEqual(output.difference.added, ["returns.refund"]);
    assert.equal(json(join(folder, "p"), ["diff", "HEAD:shop.jsonc", "shop.jsonc"]).output.difference.added.length, 1);
    refused(
      privet(folder, ["diff", "nowhere:p/shop.jsonc", "p/shop.jsonc"]),
      /cannot read `nowhere:p\/shop\.jsonc` by git: /,
    );
    refused(privet(folder, ["diff", "--", "--output=x:y", "p/shop.jsonc"]), /is no revision/);
    refused(privet(folder, ["diff", "HEAD:none.jsonc", "p/shop.jsonc"]), /cannot read `HEAD:none\.jsonc` by git: path/);
  });
});

describe("matrix", () => {
  test("of roles and of people, as table, CSV and HTML", (context) => {
    const folder = folderOf(context, {
      "shop.jsonc": SHOP,
      "people.json": PEOPLE.slice(0, 2),
      "all.json": PEOPLE,
      "byname.json": { "=Mia": { roles: ["boss"] } },
      "formulas.json": Object.fromEntries(
        ["@SUM(A1)", " =1+1", "\u200b+1", "\uff1dcmd", "\n-1", 'a "b", c', "1-1"].map((name) => [name, {}]),
      ),
      "facts.json": { "returns-on": true },
    });
    const { output } = json(folder, ["matrix", "shop.jsonc"]);
    assert.deepEqual(output.rows, [
      { name: "clerk", decisions: ["allowed", "allowed", "denied"] },
      { name: "boss", decisions: ["allowed", "allowed", "undecided"] },
    ]);
    assert.match(privet(folder, ["matrix", "shop.jsonc"]).out, /^operation {7}clerk {2}boss\norders\.list {5}x {6}x\n/);
    const csv = privet(folder, ["matrix", "shop.jsonc", "byname.json", "--format", "csv", "--facts", "facts.json"]).out;
    assert.equal(csv, "operation,'=Mia\r\norders.list,allowed\r\norders.edit,allowed\r\nreturns.refund,allowed\r\n");
    // Also behind spaces and invisible characters, and in full width
    const [formulas] = privet(folder, ["matrix", "shop.jsonc", "formulas.json", "--format", "csv"]).out.split("\r\n");
    assert.equal(formulas, 'operation,\'@SUM(A1),\' =1+1,\'\u200b+1,\'\uff1dcmd,"\'\n-1","a ""b"", c",1-1');
    const html = privet(folder, ["matrix", "shop.jsonc", "people.json", "--format", "html"]).out;
    assert.match(html, /^<!doctype html>[\s\S]*<th scope="col">Mia<\/th>/);
    const some = json(folder, ["matrix", "shop.jsonc", "all.json"]);
    assert.deepEqual([some.status, some.output.errors[0].name], [1, "Ada | <b>"]);
    assert.equal(
      privet(folder, ["matrix", "shop.jsonc", "-o", "out", "--format", "csv"]).out,
      "wrote out/matrix.csv\n",
    );
  });
});

describe("matrix of JSON lines", () => {
  const lines = (...rows) => rows.map((row) => `${typeof row === "string" ? row : JSON.stringify(row)}\n`).join("");
  const files = {
    "shop.jsonc": SHOP,
    "facts.json": { "returns-on": true },
    "people.jsonl": lines(
      { name: "Mia", roles: ["boss"] },
      "",
      { id: 7, roles: ["clerk"] },
      "{",
      { roles: ["=x"] },
      {
        name: "=1",
      },
    ),
  };

  test("has a line for each person, and tells who is refused", (context) => {
    const folder = folderOf(context, files);
    const csv = privet(folder, ["matrix", "shop.jsonc", "people.jsonl"]);
    assert.equal(csv.status, 1);
    assert.equal(
      csv.out,
      "name,orders.list,orders.edit,returns.refund\r\nMia,allowed,allowed,undecided\r\n7,allowed,allowed,denied\r\n'=1,denied,denied,denied\r\n",
    );
    assert.match(csv.err, /warning: person 4: line 4: it is not JSON\nwarning: person 5: .*`=x`[\s\S]*\n5 people, /);
    const json = privet(folder, ["matrix", "shop.jsonc", "people.jsonl", "--format", "jsonl", "--facts", "facts.json"]);
    const rows = json.out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.deepEqual(rows[0], {
      name: "Mia",
      allowed: ["orders.list", "orders.edit", "returns.refund"],
      undecided: [],
    });
    assert.deepEqual(Object.keys(rows[2]), ["name", "error"]);
    assert.equal(rows.length, 5);
  });

  test("names those to whom an operation is allowed, also into a folder and from standard input", (context) => {
    const folder = folderOf(context, files);
    const who = ["matrix", "shop.jsonc", "people.jsonl", "--who-can"];
    assert.equal(privet(folder, [...who, "orders.list"]).out, "name\r\nMia\r\n7\r\n");
    assert.equal(
      privet(folder, [...who, "orders.list", "-o", "out", "--format", "jsonl"]).out,
      "wrote out/matrix.jsonl\n",
    );
    assert.equal(readFileSync(join(folder, "out", "matrix.jsonl"), "utf8"), '{"name":"Mia"}\n{"name":"7"}\n');
    refused(privet(folder, [...who, "orders.lst"]), /did you mean `orders\.list`/);
    refused(privet(folder, ["matrix", "shop.jsonc", "--who-can", "orders.list"]), /is for people in JSON lines or CSV/);
    refused(privet(folder, ["matrix", "shop.jsonc", "people.jsonl", "--format", "html"]), /give csv or jsonl/);
    refused(privet(folder, ["matrix", "shop.jsonc", "none.jsonl"]), /no such file/);
    refused(privet(folder, ["matrix", "shop.jsonc", "shop.jsonc/x.jsonl"]), /not a folder/);
  });

  test("refuses a line without an end, and does not keep what it wrote", (context) => {
    const folder = folderOf(context, { ...files, "long.jsonl": `{"name":"${"x".repeat(3 << 20)}"}` });
    refused(privet(folder, ["matrix", "shop.jsonc", "long.jsonl"]), /longer than 1048576 bytes/);
    // 60,000 people in a heap that could not hold them as text
    const many = Array.from({ length: 60_000 }, (_, place) => ({
      name: `person ${place} ${"y".repeat(500)}`,
      roles: ["clerk"],
    }));
    writeFileSync(join(folder, "many.jsonl"), lines(...many));
    const run = privet(folder, ["matrix", "shop.jsonc", "many.jsonl", "-o", "out"], {
      env: { NODE_OPTIONS: "--max-old-space-size=24" },
    });
    assert.equal(run.status, 0, run.err);
    assert.equal(readFileSync(join(folder, "out", "matrix.csv"), "utf8").split("\r\n").length, 60_002);
  });
});

describe("matrix of CSV", () => {
  const DESK = `{ "format": 1, "id": "desk", "title": "Desk", "version": "1",
    "facts": [{ "id": "open", "kind": "switch", "label": "Shop is open" }, { "id": "staff", "kind": "number", "label": "Staff" }],
    "privileges": [
      { "id": "orders", "kind": "level", "label": "Orders", "levels": [{ "id": "read", "label": "Read only" }, { "id": "write", "label": "Read and write" }] },
      { "id": "refund", "kind": "flag", "label": "May refund" },
      { "id": "lists", "kind": "set", "label": "Lists", "options": [{ "id": "a", "label": "A" }, { "id": "b", "label": "B" }] },
      { "id": "limit", "kind": "number", "label": "Limit", "min": 1, "max": 50 }],
    "roles": [{ "id": "boss", "label": "The boss", "grants": { "refund": true } }],
    "operations": [
      { "id": "read", "label": "Read", "requires": "orders >= read" },
      { "id": "write", "label": "Write", "requires": "orders >= write and open" },
      { "id": "pay", "label": "Pay", "requires": "refund and staff >= 2" },
      { "id": "list-b", "label": "List B", "requires": "lists = b" },
      { "id": "limit-9", "label": "Limit", "requires": "limit >= 9" }] }`;
  const people = [
    "E-mail;Full name;Roles;ORDERS;May refund;Lists;Limit;Shop is open;Staff;Town",
    "m@x;Mia;;Read and write;;A|B;9.0;yes;;Rome",
    "",
    't@x;"Tom; the\nsecond";The boss;read;no;;8;;3;',
    "u@x;Uma;clerk;;;;;;;",
    "v@x;Vic;;admin;;;;;;",
    "w@x;;;;x;b;;no;2;",
    "y@x;Yan;;;maybe;;;;;",
    "z@x;Zoe;;;;;51;;;",
    "q@x;'=Q;;;;;;;;;;more",
    "m@x;Mia again;;Read and write;;A|B;9.0;yes;;Oslo",
  ];
  const files = { "desk.jsonc": DESK, "people.csv": people.join("\r\n") };

  test("has a line for each row, and tells which rows are wrong, by their line", (context) => {
    const folder = folderOf(context, files);
    const run = privet(folder, ["matrix", "desk.jsonc", "people.csv"]);
    assert.equal(run.status, 1);
    assert.deepEqual(run.out.split("\r\n"), [
      "name,read,write,pay,list-b,limit-9",
      "Mia,allowed,allowed,denied,allowed,allowed",
      '"Tom; the\nsecond",allowed,denied,allowed,denied,denied',
      "line 8,denied,denied,allowed,allowed,denied",
      "Mia again,allowed,allowed,denied,allowed,allowed",
      "",
    ]);
    assert.deepEqual(run.err.trimEnd().split("\n").slice(0, -1), [
      "warning: `people.csv` has columns that name nothing of the policy: `E-mail`, `Town`",
      "warning: Uma: line 6: `clerk` in the column `Roles` is not a role; there are `boss`",
      "warning: Vic: line 7: `admin` in the column `ORDERS` is not a level; there are `read`, `write`",
      "warning: Yan: line 9: `maybe` in the column `May refund` is neither yes nor no",
      "warning: Zoe: line 10: privilege `limit` cannot be `51`; give a whole number from 1 to 50",
      "warning: =Q: line 11: it has 12 cells, and the first line has 10",
    ]);
    const who = ["matrix", "desk.jsonc", "people.csv", "--who-can", "pay", "--format", "jsonl"];
    assert.equal(privet(folder, who).out, '{"name":"Tom; the\\nsecond"}\n{"name":"line 8"}\n');
  });

  test("refuses tables whose columns are not clear, and files that are none", (context) => {
    const folder = folderOf(context, {
      "desk.jsonc": DESK,
      "none.csv": "name,town\nMia,Rome\n",
      "twice.csv": "name,refund,May refund\nMia,x,\n",
      "empty.csv": "",
      "open.csv": `name,refund\nMia,x\nTom,"${"x".repeat(2 << 20)}\n`,
      "binary.csv": "\u0001\u0002\u0003",
    });
    const of = (file) => privet(folder, ["matrix", "desk.jsonc", file]);
    refused(of("none.csv"), /no column of `none\.csv` is a privilege, a fact or `roles`/);
    refused(of("twice.csv"), /two columns of `twice\.csv` are `refund`/);
    refused(of("empty.csv"), /cannot read `empty\.csv`: it is empty/);
    refused(of("open.csv"), /cannot read `open\.csv`: line 3 begins a row longer than 1048576 characters/);
    refused(of("binary.csv"), /it is a binary file/);
    refused(of("missing.csv"), /no such file/);
    refused(
      privet(folder, ["matrix", "desk.jsonc", "none.csv", "-o", "none.csv"]),
      /cannot write `none\.csv\/matrix\.csv`/,
    );
  });

  test("is as for JSON lines, also in a heap that could not hold the file", (context) => {
    const folder = folderOf(context, files);
    const some = [
      ["read", "x", "", { orders: "read", refund: true }],
      ["", "", "b", { lists: ["b"] }],
      ["write", "", "a;b", { orders: "write", lists: ["a", "b"] }],
    ];
    const many = Array.from({ length: 60_000 }, (_, row) => [`person ${row} ${"y".repeat(500)}`, ...some[row % 3]]);
    const table = many.map((cells) => cells.slice(0, 4).join(","));
    writeFileSync(join(folder, "many.csv"), `\uFEFFname,orders,refund,lists\n${table.join("\n")}\n`);
    writeFileSync(
      join(folder, "many.jsonl"),
      many.map(([name, , , , grants]) => `${JSON.stringify({ name, grants })}\n`).join(""),
    );
    for (const file of ["many.csv", "many.jsonl"]) {
      const run = privet(folder, ["matrix", "desk.jsonc", file, "-o", `of-${file}`], {
        env: { NODE_OPTIONS: "--max-old-space-size=24", NODE_V8_COVERAGE: "" }, // counters need a heap of their own
      });
      assert.equal(run.status, 0, run.err);
    }
    const [csv, jsonl] = ["many.csv", "many.jsonl"].map((file) =>
      readFileSync(join(folder, `of-${file}`, "matrix.csv"), "utf8"),
    );
    assert.equal(csv.split("\r\n").length, 60_002);
    assert.ok(csv === jsonl, "the people of the table are decided otherwise");
  });
});

describe("docs", () => {
  test("has every operation, privilege and role of Contact, with every row of its source", (context) => {
    const folder = folderOf(context);
    const { output } = json(folder, ["docs", join(sources, "contact.jsonc"), "-o", "out"]);
    assert.deepEqual(
      output.written.map((file) => file.slice(4)),
      [
        "privileges.md",
        "privileges.html",
        "privileges-by-area.csv",
        "privileges-by-privilege.csv",
        "privileges-by-role.csv",
      ],
    );
    const read = (name) => readFileSync(join(folder, "out", name), "utf8");
    const [markdown, html, csv] = [read("privileges.md"), read("privileges.html"), read("privileges-by-area.csv")];
    const document = JSON.parse(readFileSync(join(sources, "contact.jsonc"), "utf8").replace(/^\s*\/\/.*$/gm, ""));
    for (const { id, sources } of [...document.operations, ...document.privileges]) {
      assert.ok(markdown.includes(`\`${id}\``) && html.includes(`<code>${id}</code>`), id);
      for (const { row } of sources ?? [])
        if (row !== undefined) assert.match(html, new RegExp(`[ ,]${row}[,<]`), `${id} ${row}`);
    }
    assert.equal(csv.match(/\r\n/g).length, document.operations.length + 1);
    for (const heading of [
      "By area",
      "By privilege",
      "By role",
      "Facts",
      "What depends on what",
      "Who may change what",
    ])
      assert.ok(markdown.includes(`## ${heading}`), heading);
  });

  test("has each row of Contact's own page: its operation, its menu item, and each privilege that it names", (context) => {
    const contactRows = JSON.parse(readFileSync(new URL("support/contact-rows.json", import.meta.url), "utf8"));
    const { out } = privet(folderOf(context), ["docs", join(sources, "contact.jsonc")]);
    const lines = new Map(
      [...out.matchAll(/^\| <a id="operation-([^"]+)"><\/a>(.*)$/gm)].map(([, id, cells]) => [id, cells.split(" | ")]),
    );
    assert.equal(contactRows.length, 149);
    for (const { row, operations, menu, privileges } of contactRows) {
      for (const operation of operations) {
        const [, path, needs, , source] = lines.get(operation) ?? assert.fail(`row ${row}: ${operation}`);
        for (const item of menu) assert.ok(path.includes(item), `row ${row}: ${item}`);
        for (const label of privileges)
          assert.ok(needs.toLowerCase().includes(label.toLowerCase()), `row ${row}: ${label} in ${needs}`);
        assert.match(source, new RegExp(`[ ,]${row}[,<]`));
      }
    }
  });

  test("needs no network and no script, and escapes what the policy says", (context) => {
    const label = "<script>alert(1)</script> | *x* `y`";
    const evil = { ...SHOP, title: label, operations: [{ ...SHOP.operations[0], label }, ...SHOP.operations.slice(1)] };
    const folder = folderOf(context, { "shop.jsonc": evil });
    const html = privet(folder, ["docs", "shop.jsonc", "--format", "html"]).out;
    assert.doesNotMatch(html, /<script>alert|https?:|src=|<link/);
    assert.match(html, /default-src &#39;none&#39;|default-src 'none'/);
    assert.match(html, /&#60;script&#62;alert\(1\)/);
    assert.match(html, /@media print/);
    const markdown = privet(folder, ["docs", "-"], { input: JSON.stringify(evil) }).out;
    assert.match(markdown, /\\<script\\>alert\(1\)\\<\/script\\> \\\| \\\*x\\\* \\`y\\`/);
    assert.match(markdown, /```mermaid\nflowchart LR\n {2}n0\["Refund"\] --> n1\["Orders"\]\n```/);
    assert.match(
      markdown,
      /1\. Returns are on, by \[Edit an order\]\(#operation-orders\.edit\)\. Done when: Returns is on/,
    );
    assert.match(markdown, /Orders: Edit/);
    assert.match(
      privet(folder, ["docs", "shop.jsonc", "--format", "csv"]).out,
      /^Area,Operation,Menu,Needs,"Owes, notes",Source\r\n/,
    );
    const { output } = json(folder, ["docs", "shop.jsonc", "--format", "html"]);
    assert.deepEqual([output.written, output.files], [[], { "privileges.html": html }]);
    assert.equal(Object.keys(json(folder, ["docs", "shop.jsonc"]).output.files).length, 5);
  });
});

describe("format", () => {
  test("keeps values and comments, and changes nothing the second time", (context) => {
    const messy = `// head\n{ // first\n"format":1 , "id" : "a", /* in */\n\n\n "list":[1,2 ,\n3], // behind\n "deep": {\n "x": [ { "y": null } ]\n // last\n}\n}\n// tail`;
    const folder = folderOf(context, { "a.jsonc": messy });
    assert.equal(privet(folder, ["format", "--check", "a.jsonc"]).status, 1);
    assert.equal(readFileSync(join(folder, "a.jsonc"), "utf8"), messy);
    assert.equal(privet(folder, ["format", "a.jsonc"]).out, "formatted `a.jsonc`\n");
    assert.equal(
      readFileSync(join(folder, "a.jsonc"), "utf8"),
      `// head\n{\n  // first\n  "format": 1,\n  "id": "a", /* in */\n\n  "list": [1, 2, 3], // behind\n  "deep": {\n    "x": [{ "y": null }]\n    // last\n  }\n}\n// tail\n`,
    );
    const { status, output } = json(folder, ["format", "--check", "a.jsonc"]);
    assert.deepEqual([status, output.unchanged], [0, ["a.jsonc"]]);
    assert.equal(privet(folder, ["format", "-"], { input: '{"a":1}\r\n' }).out, '{ "a": 1 }\n');
    refused(privet(folder, ["format", "-"], { input: "{ a: 1 }" }), /standard input is not JSON/);
  });

  test("does so for the built-in policies and for random documents with comments", (context) => {
    const { below, pick, chance } = random(7);
    const comment = () =>
      chance(0.25) ? pick(["// c\n", "/* d */", "\n// e\n", "\n\n// f\n", "\n"]) : pick(["", " ", "\n"]);
    const value = (depth) => {
      if (depth === 0 || chance(0.3)) return pick(["1", "-2.5e3", '"t\\u00e9 // no"', "true", "null", "[]", "{}"]);
      const isObject = chance(0.5);
      const parts = Array.from(
        { length: below(4) },
        (_, index) =>
          `${comment()}${isObject ? `"k${index}"${comment()}:${comment()}` : ""}${value(depth - 1)}${comment()}`,
      );
      return isObject ? `{${comment()}${parts.join(",")}${comment()}}` : `[${comment()}${parts.join(",")}${comment()}]`;
    };
    const texts = Array.from({ length: 60 }, () => `${comment()}${value(5)}${comment()}`);
    for (const id of ["contact", "dotdigital", "vicidial"])
      texts.push(readFileSync(join(sources, `${id}.jsonc`), "utf8"));
    const folder = folderOf(context, Object.fromEntries(texts.map((text, index) => [`${index}.jsonc`, text])));
    const files = texts.map((_, index) => `${index}.jsonc`);
    assert.equal(privet(folder, ["format", ...files]).status, 0);
    assert.equal(privet(folder, ["format", "--check", ...files]).out, "");
    const tokens = (text) =>
      [...text.matchAll(/"(?:[^"\\]|\\.)*"|\/\/[^\n]*|\/\*.*?\*\/|[^\s,]/gs)].map(([token]) => token.trimEnd());
    const withoutComments = (text) =>
      text.replace(/"(?:[^"\\]|\\.)*"|\/\/[^\n]*|\/\*.*?\*\//gs, (token) => (token.startsWith("/") ? "" : token));
    const plain = (text) => JSON.parse(withoutComments(text));
    const comments = (text) =>
      tokens(text)
        .filter((token) => /^\/[/*]/.test(token))
        .sort();
    texts.forEach((text, index) => {
      const formatted = readFileSync(join(folder, `${index}.jsonc`), "utf8");
      assert.deepEqual(plain(formatted), plain(text));
      assert.deepEqual(comments(formatted), comments(text), text);
    });
  });
});
