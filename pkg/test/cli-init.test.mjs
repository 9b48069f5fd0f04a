// The command line: init from tables as spreadsheets write them, from casl, accesscontrol and openapi; and the packed package by npx.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { bin, folderOf, json, privet, refused } from "./support/cli.mjs";
import { load } from "./support/package.mjs";
import { utf16, windows1252, workbookOf } from "./support/sheets.mjs";

const { open } = await load("privet");
const tools = await (await load("privet/studio")).studio();

/** The policy that `init` makes of a file, which must have no error. */
function made(context, name, content, ...options) {
  const folder = folderOf(context, { [name]: content });
  const { status, output, err } = json(folder, ["init", name, "--yes", "-o", "out", ...options]);
  assert.equal(status, 0, JSON.stringify(output) + err);
  const text = readFileSync(join(folder, output.written[0]), "utf8");
  assert.deepEqual(
    tools.check(text).filter(({ severity }) => severity === "error"),
    [],
  );
  assert.equal(privet(folder, ["format", "--check", output.written[0]]).status, 0, "it is formatted");
  const policy = open(tools.compile(text));
  const may = Object.fromEntries(
    policy.roles.map((role) => [
      role,
      policy
        .session({ roles: [role] })
        .allowed()
        .join(" "),
    ]),
  );
  return { policy, may, notes: output.notes, description: tools.describe(policy), warnings: tools.check(text) };
}

describe("init from a table", () => {
  test("of marks", (context) => {
    const { may, warnings } = made(context, "roles.csv", "Permission,Clerk,Boss\nList orders,x,X\nRefund,,✓\n");
    assert.deepEqual(may, { clerk: "list-orders", boss: "list-orders refund" });
    assert.deepEqual(warnings, []);
  });

  test("with a byte order mark, sep=, a title, empty rows, merged headings and merged areas", (context) => {
    const table = [
      "\ufeffsep=;",
      "Berechtigungen 2026;;;;",
      ";;;;",
      "Modul;Recht;Büro;;Außendienst",
      ";;Sachbearbeiter;Leiter;Fahrer",
      "Kunden;Anlegen;x;X;",
      ";Löschen;;x;",
      "Berichte;Ansehen;✓;✓;–",
      ";Exportieren;nein;ja;nein",
      "",
    ].join("\r\n");
    const { may, description, notes } = made(context, "rechte.csv", table);
    assert.deepEqual(may, {
      sachbearbeiter: "anlegen ansehen",
      leiter: "anlegen loschen ansehen exportieren",
      fahrer: "",
    });
    assert.deepEqual(description.privileges.map(({ label, group }) => [label, group])[1], ["Löschen", "Kunden"]);
    assert.deepEqual(notes, ["The title of the table: Berechtigungen 2026"]);
  });

  test("in Windows-1252 and UTF-16, with and without a mark, separated by tabs and semicolons", (context) => {
    const german = made(context, "a.csv", windows1252("Größe;Admin;Gäste\nDrucken – für 5 €;ja;nein\nÄndern;x;\n"));
    assert.deepEqual(
      german.description.privileges.map(({ label }) => label),
      ["Drucken – für 5 €", "Ändern"],
    );
    const text = "Permission\tAdmin\tÉditeur\nPages\tx\t-\n";
    for (const [mark, isBig] of [
      ["\ufeff", false],
      ["\ufeff", true],
      ["", false],
      ["", true],
    ])
      assert.deepEqual(made(context, "b.tsv", utf16(mark + text, isBig)).may, { admin: "pages", editeur: "" });
  });

  test("with roles in rows, quoted cells and line breaks in them", (context) => {
    const { may } = made(
      context,
      "c.csv",
      'Role,"Create\norder","Refund, full"\nClerk,x,\n"Boss ""B""",x,x\nTrainee,,\n',
    );
    assert.deepEqual(may, { clerk: "create-order", "boss-b": "create-order refund-full", trainee: "" });
    const turned = made(context, "d.csv", "Who,Create,Refund\nClerk,x,\nBoss,x,x\n", "--roles", "rows");
    assert.deepEqual(turned.may, { clerk: "create", boss: "create refund" });
  });

  test("of words: levels in their order, options, letters, and areas as rows of their own", (context) => {
    const table =
      "Permission,Admin,Editor,Viewer\nPages,full,edit,view\nUsers,full,-,-\nExport,yes,yes,no\nMedia,CRUD,CRU,R\nNight,,,\n";
    const { may, description, warnings } = made(context, "e.csv", table);
    assert.deepEqual(
      description.privileges.map(({ id, kind }) => `${id} ${kind}`),
      ["pages level", "users level", "export flag", "media set", "night flag"],
    );
    assert.deepEqual(may.editor, "pages.view pages.edit export media.create media.read media.update");
    assert.deepEqual(
      warnings.filter(({ code }) => code !== "never-granted"),
      [],
    );
    const areas = made(
      context,
      "f.csv",
      "Area,Permission,Admin,User\nSales,,,\n,View,x,x\n,Edit,x,\nStock,,,\n,View,x,\n",
    );
    assert.deepEqual(areas.may, { admin: "sales.view sales.edit stock.view", user: "sales.view" });
  });

  test("from a workbook: the first sheet with a table, or the one that is named; rows have their numbers", (context) => {
    const clean = [
      ["Rights of the clinic", null, null],
      [null, null, null],
      ["Permission", "Nurse", "Doctor"],
      ["Patients", null, null],
      ["See patients", "x", "x"],
      ["Write findings", null, "x"],
      [null, "x", null],
    ];
    const later = [
      ["Permission", "Nurse"],
      ["Sleep", "ja"],
    ];
    const book = workbookOf({ "Read me": [["Written by IT"]], Rights: clean, Later: later });
    const { may, notes } = made(context, "clinic.xlsx", book);
    assert.deepEqual(may, { nurse: "see-patients", doctor: "see-patients write-findings" });
    assert.deepEqual(notes, [
      "Read from the sheet Rights; not read: Read me, Later. Choose another one by --sheet.",
      "The title of the table: Rights of the clinic",
      "Row 7 has no name and is left out: x",
    ]);
    assert.deepEqual(made(context, "clinic.xlsx", book, "--sheet", "Later").may, { nurse: "sleep" });
    const folder = folderOf(context, {
      "clinic.xlsx": book,
      "texts.xlsx": workbookOf({ A: [["no"]], B: [["none"]] }),
      "rules.json": "[]",
    });
    refused(
      privet(folder, ["init", "clinic.xlsx", "--sheet", "Rihgts", "--yes"]),
      /`clinic\.xlsx` has no sheet `Rihgts`; it has the sheets `Read me`, `Rights`, `Later`/,
    );
    refused(privet(folder, ["init", "texts.xlsx", "--yes"]), /`texts\.xlsx`, sheet `A`, has no table of roles/);
    refused(
      privet(folder, ["init", "--sheet", "Rights", "--yes"]),
      /--sheet says how a source is read; give the source too/,
    );
    refused(
      privet(folder, ["init", "--from", "casl", "--yes"]),
      /--from says how a source is read; give the source too/,
    );
    refused(
      privet(folder, ["init", "rules.json", "--sheet", "Rights", "--yes"]),
      /--sheet is for tables, and `rules\.json` is none; leave it out/,
    );
    // From standard input too
    const piped = spawnSync("sh", ["-c", `cat clinic.xlsx | "$0" "${bin}" init - --yes`, process.execPath], {
      cwd: folder,
    });
    assert.equal(piped.status, 0, String(piped.stderr));
  });

  test("a quotation mark that is not closed is told with its row", (context) => {
    const folder = folderOf(context, { "a.csv": 'Permission,Clerk\n\nRefund,x\n"Sell,x\nBuy,x\n' });
    refused(privet(folder, ["init", "a.csv", "--yes"]), /`a\.csv` row 4: a quotation mark is not closed; close it/);
  });

  test("that is none is refused", (context) => {
    const files = {
      "text.csv": "just,some,text\nfoo,bar,baz\n",
      "empty.csv": "",
      "binary.csv": Uint8Array.from({ length: 512 }, (_, index) => index % 256),
      "book.csv": new Uint8Array([0x50, 0x4b, 3, 4]),
      "a.yaml": "openapi: [3.1.0",
      "b.yaml": "roles: 3",
      "bomb.yaml": `a: &a [x, x]\n${"bcdefghijklmnopqrstuvwxyz".replace(/./g, (name, at) => `${name}: &${name} [${`*${String.fromCharCode(97 + at)}, `.repeat(9)}]\n`)}`,
      "deep.yml": "[".repeat(100_000),
      "x.json": { a: 1 },
      "shop.privet.jsonc": "{}",
    };
    const folder = folderOf(context, files);
    const run = (...args) => privet(folder, ["init", ...args, "--yes"]);
    refused(run("text.csv"), /`text\.csv` has no table of roles and permissions; give one with a heading/);
    refused(run("empty.csv"), /`empty\.csv` is no table: it is empty/);
    refused(run("binary.csv"), /`binary\.csv` is no table: it is a binary file; save the sheet as XLSX or CSV/);
    refused(run("book.csv"), /`book\.csv` is no table: it is a workbook that cannot be read/);
    refused(run("a.yaml"), /`a\.yaml` is not YAML: .* at line 1, column 16; correct it there/);
    refused(run("b.yaml"), /`b\.yaml` is neither rules of casl, nor grants of accesscontrol, nor an openapi document/);
    refused(run("bomb.yaml"), /`bomb\.yaml` is not read as YAML: its aliases cannot be resolved; convert it to JSON/);
    refused(run("deep.yml"), /`deep\.yml` is not (read as )?YAML/);
    refused(run("x.json"), /`x\.json` is neither rules of casl, nor grants of accesscontrol, nor an openapi document/);
    refused(run("--id", "shop"), /`shop\.privet\.jsonc` exists already; give --force/);
    refused(run("--id", "../x"), /`\.\.\/x` is no id/);
    refused(privet(folder, ["init"]), /standard input is no terminal, so nothing can be asked; give --yes/);
  });
});

describe("init from what an application has", () => {
  test("from an openapi document as YAML, with anchors", (context) => {
    const yaml = `openapi: 3.1.0
info: { title: Clinic, version: "2" }
x-read: &read [{ oauth: [patients:read] }]
paths:
  /patients:
    get: { operationId: listPatients, tags: [Patients], security: *read }
    post: { operationId: createPatient, tags: [Patients], security: [{ oauth: [patients:read, patients:write] }] }
`;
    for (const [name, ...options] of [["api.yaml"], ["api.txt", "--from", "openapi"]]) {
      const { policy } = made(context, name, yaml, ...options);
      const reader = policy.session({ grants: { "patients:read": true } });
      assert.deepEqual(policy.operations, ["list-patients", "create-patient"]);
      assert.deepEqual(reader.allowed(), ["list-patients"]);
    }
  });

  test("from nothing: a policy without findings", (context) => {
    const folder = folderOf(context);
    assert.equal(
      json(folder, ["init", "--yes", "--id", "shop", "--title", "My shop"]).output.written[0],
      "shop.privet.jsonc",
    );
    assert.equal(privet(folder, ["check", "--fail-on", "warning", "shop.privet.jsonc"]).status, 0);
  });

  test("from rules of casl: conditions become facts, and nothing that a rule forbids is granted", (context) => {
    const rules = {
      admin: [{ action: "manage", subject: "all" }],
      user: [
        { action: ["read", "update"], subject: "Post" },
        { action: "delete", subject: "Post", conditions: { author: "me" } },
        { action: "read", subject: "Comment", fields: ["title"] },
        { action: "update", subject: "Post", inverted: true, conditions: { locked: true }, reason: "it is locked" },
      ],
    };
    const { policy, may, notes } = made(context, "casl.json", rules);
    assert.equal(may.admin, "post.read post.update post.delete comment.read comment.update comment.delete");
    assert.equal(may.user, "post.read comment.read");
    const mine = policy.session({ roles: ["user"], facts: { "post.delete.matches": true } });
    assert.deepEqual([mine.can("post.delete"), mine.can("post.update")], [true, false]);
    for (const part of [
      /conditions .*post\.delete\.matches/,
      /fields title have no counterpart/,
      /cannot update Post/,
      /reason “it is locked”/,
    ])
      assert.ok(
        notes.some((note) => part.test(note)),
        String(part),
      );
    const packed = made(
      context,
      "packed.json",
      [
        ["read,update", "Post"],
        ["delete", "Post", 0, 1],
      ],
      "--from",
      "casl",
    );
    assert.deepEqual(packed.may, { user: "post.read post.update" });
  });

  test("from grants of accesscontrol: own records become a fact, roles that extend others inherit", (context) => {
    const grants = {
      admin: { $extend: ["user"], video: { "delete:any": ["*"] } },
      user: { video: { "create:own": ["*"], "read:any": ["*", "!id"], "delete:own": [] } },
    };
    const { policy, may, notes } = made(context, "ac.json", grants);
    assert.deepEqual(may, { admin: "video.delete video.read", user: "video.read" });
    assert.equal(policy.session({ roles: ["user"], facts: { "own-video": true } }).can("video.create"), true);
    assert.ok(notes.some((note) => /attributes \*, !id have no counterpart/.test(note)));
    const rows = [{ role: "user", resource: "video", action: "read:any", attributes: "*" }];
    assert.deepEqual(made(context, "rows.json", rows).may, { user: "video.read" });
  });

  test("from an openapi document: scopes where it has them, else levels by tag", (context) => {
    const document = {
      openapi: "3.1.0",
      security: [{ oauth: ["read:pets"] }],
      paths: {
        "/pets": {
          get: { operationId: "listPets", tags: ["pets"], summary: "List pets" },
          post: { tags: ["pets"], security: [{ oauth: ["write:pets"] }, { key: [] }] },
        },
        "/health": { get: { security: [] }, post: { security: [] } },
      },
    };
    const { policy, notes } = made(context, "api.json", document);
    assert.deepEqual(policy.operations, ["list-pets", "pets.post", "health.get", "health.post"]);
    assert.deepEqual(policy.session({ grants: { "write:pets": true } }).allowed(), ["pets.post"]);
    assert.deepEqual(policy.session({ grants: { health: "view" } }).allowed(), ["health.get"]);
    assert.ok(
      notes.some((note) =>
        note.startsWith("Without security in the document, and guarded in the draft: GET /health, POST /health"),
      ),
    );
  });
});

describe("init at a terminal", () => {
  /** Runs `privet init` in a terminal of `script`, and types the answers when their question is shown. */
  function typed(folder, args, answers) {
    const words = [process.execPath, bin, "init", ...args].map((word) => `'${word}'`);
    const command = `stty cols 120 rows 40; exec ${words.join(" ")}`;
    const options =
      process.platform === "darwin" ? ["-q", "/dev/null", "sh", "-c", command] : ["-qec", command, "/dev/null"];
    const child = spawn("script", options, { cwd: folder, env: { ...process.env, TERM: "xterm" }, timeout: 30_000 });
    let [seen, shown] = ["", ""];
    const waiting = [...answers];
    child.stdout.on("data", (data) => {
      seen += data;
      shown += data;
      while (waiting.length > 0 && seen.includes(waiting[0][0])) {
        seen = "";
        child.stdin.write(waiting.shift()[1]);
      }
    });
    return new Promise((resolve) => child.on("close", (status) => resolve({ status, shown, waiting })));
  }
  const [ENTER, DOWN, CLEAR, CANCEL] = ["\r", "\u001b[B", "\u0015", "\u0003"];

  test("asks for what it begins with, the id, the title and the folder", async (context) => {
    const folder = folderOf(context, { "roles.csv": "Permission,Clerk\nRefund,x\n" });
    const { status, shown, waiting } = await typed(
      folder,
      [],
      [
        ["What does it begin with?", DOWN + ENTER],
        ["The path of the file", `none.csv${ENTER}`],
        ["There is no such file", `${CLEAR}roles.csv${ENTER}`],
        ["The id of the policy", `${CLEAR}a b${ENTER}`],
        ["is no id", `${CLEAR}shop${ENTER}`],
        ["Its title, for people", ENTER],
        ["The folder for the document", `${CLEAR}policies${ENTER}`],
      ],
    );
    assert.deepEqual([status, waiting], [0, []], shown);
    const text = readFileSync(join(folder, "policies/shop.privet.jsonc"), "utf8");
    assert.match(text, /"title": "Shop"/);
    assert.match(text, /"id": "refund"/);
  });

  test("what options say is not asked; a document is replaced only if that is wanted, and Ctrl-C writes nothing", async (context) => {
    const folder = folderOf(context, { "shop.privet.jsonc": "{}" });
    const known = ["--id", "shop", "--title", "Shop", "-o", "."];
    const kept = await typed(folder, known, [
      ["What does it begin with?", ENTER],
      ["exists already. Replace it?", ENTER],
    ]);
    assert.deepEqual([kept.status, kept.waiting], [2, []], kept.shown);
    assert.match(kept.shown, /nothing was written, since the document exists already/);
    const stopped = await typed(folder, [], [["What does it begin with?", CANCEL]]);
    assert.deepEqual([stopped.status, stopped.waiting], [2, []], stopped.shown);
    assert.equal(readFileSync(join(folder, "shop.privet.jsonc"), "utf8"), "{}");
  });
});

test("npx runs the packed package in an empty folder", (context) => {
  const folder = folderOf(context);
  const npx = (...args) =>
    spawnSync("npx", ["--yes", "--prefer-offline", "--package", process.env.PRIVET_TGZ, "privet", ...args], {
      cwd: folder,
      encoding: "utf8",
    });
  const { status, stderr } = npx("init", "--yes", "--id", "shop");
  assert.equal(status, 0, stderr);
  assert.match(npx("check", "shop.privet.jsonc").stdout, /no findings/);
  assert.equal(npx("build", "shop.privet.jsonc", "-o", "src").status, 0);
  assert.equal(npx("check", "none").status, 2);
});
