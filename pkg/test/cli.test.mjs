// The command line: check, build, types, decide, explain, fixes, completion, and what every command does with bad input.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { runInNewContext } from "node:vm";
import { bin, folderOf, json, privet, refused, SHOP } from "./support/cli.mjs";

const COMMANDS = [
  "init",
  "check",
  "build",
  "types",
  "embed",
  "export",
  "decide",
  "explain",
  "fixes",
  "test",
  "diff",
  "matrix",
  "docs",
  "format",
  "serve",
  "lsp",
  "completion",
];
/** The character that begins what steers a terminal. */
const ESCAPE = new RegExp(String.fromCharCode(27));
const clerk = { roles: ["clerk"], facts: { "returns-on": true } };
const broken = { ...SHOP, operations: [{ ...SHOP.operations[0], requires: "order >= view" }] };

describe("every command", () => {
  test("has help with examples, and the program has a version", (context) => {
    const folder = folderOf(context);
    const { status, out } = privet(folder, ["--help"]);
    assert.equal(status, 0);
    for (const command of COMMANDS) {
      assert.match(out, new RegExp(`^  ${command}\\b`, "m"));
      const help = privet(folder, [command, "--help"]);
      assert.equal(help.status, 0);
      assert.match(help.out, /\nExamples:\n {2}\$ privet /, command);
    }
    assert.match(privet(folder, ["--version"]).out, /^\d+\.\d+\.\d+\n$/);
  });

  test("tells faults of usage in one line, with the exit status 2", (context) => {
    const folder = folderOf(context, { "shop.jsonc": SHOP });
    refused(privet(folder, ["chekc"]), /unknown command 'chekc'; did you mean check\?/);
    refused(privet(folder, ["check"]), /missing required argument 'file'/);
    refused(
      privet(folder, ["check", "--forma", "json", "shop.jsonc"]),
      /unknown option '--forma'; did you mean --format\?/,
    );
    refused(
      privet(folder, ["check", "--format", "xml", "shop.jsonc"]),
      /`xml` is no value of --format; give text, json, github or sarif/,
    );
    refused(privet(folder, ["decide", "-", "-"]), /standard input can be read once/);
    const { status, output } = json(folder, ["check", "none.jsonc"]);
    assert.deepEqual([status, output.error.code], [2, "unreadable"]);
    assert.equal(json(folder, ["chekc"]).status, 2);
    assert.equal(privet(folder, []).status, 2);
  });

  test("tells where its output cannot be written, and ends quietly where nobody reads it", (context) => {
    const folder = folderOf(context, { "shop.jsonc": SHOP });
    const shell = (line) => spawnSync("bash", ["-c", line, process.execPath, bin], { cwd: folder, encoding: "utf8" });
    const full = shell('"$0" "$1" types shop.jsonc > /dev/full');
    refused(
      { status: full.status, out: full.stdout, err: full.stderr },
      /cannot write standard output: no space is left/,
    );
    assert.equal(shell('"$0" "$1" chekc 2> /dev/full').status, 2);
    refused(privet(folder, ["check", "/dev/zero"]), /`\/dev\/zero` is larger than 64 MiB/);
    if (process.platform === "linux")
      refused(
        privet(folder, ["build", "shop.jsonc", "-o", "/proc/privet/x"]),
        /cannot write `\/proc\/privet\/x\/shop\.privetpack`/,
      );
    const closed = shell('"$0" "$1" docs shop.jsonc --format html | head -c 10 > /dev/null; echo $PIPESTATUS');
    assert.deepEqual([closed.stdout, closed.stderr], ["0\n", ""]);
  });

  test("texts of 20 MB and deep nesting are refused or read, without a stack trace", (context) => {
    const long = `{ "format": 1, "id": "a", "title": "${"x".repeat(20_000_000)}", "version": "1" }`;
    const folder = folderOf(context, {
      "long.privet.jsonc": long,
      "deep.json": "[".repeat(200_000),
      "shop.jsonc": SHOP,
    });
    refused(privet(folder, ["test", "long.privet.jsonc"]), /is no file of policy tests, but a policy; add --suggest/);
    refused(privet(folder, ["decide", "shop.jsonc", "long.privet.jsonc"]), /title|unknown/);
    refused(privet(folder, ["decide", "shop.jsonc", "deep.json"]), /more than 512 levels/);
  });

  test("refuses files that are no text, are missing, or are folders", (context) => {
    const files = {
      "zero.bin": new Uint8Array([1, 0, 2]),
      "latin.jsonc": new Uint8Array([0x7b, 0xe9, 0x7d]),
      "shop.jsonc": SHOP,
    };
    const folder = folderOf(context, files);
    mkdirSync(join(folder, "folder"));
    writeFileSync(join(folder, "huge.jsonc"), "");
    spawnSync("truncate", ["-s", "70M", join(folder, "huge.jsonc")]);
    const cases = [
      ["zero.bin", /`zero\.bin` is a binary file; give a text in UTF-8/],
      ["latin.jsonc", /`latin\.jsonc` is not valid UTF-8; save it as UTF-8/],
      ["folder", /cannot read `folder`: it is a folder/],
      ["none.jsonc", /cannot read `none\.jsonc`: no such file/],
      ["huge.jsonc", /`huge\.jsonc` is larger than 64 MiB/],
      ["a\nb", /cannot read `a b`: no such file/],
    ];
    for (const [file, message] of cases) {
      refused(privet(folder, ["check", file]), message);
      refused(privet(folder, ["build", file]), message);
      refused(privet(folder, ["decide", "shop.jsonc", file]), message);
      refused(privet(folder, ["format", file]), message);
      refused(privet(folder, ["diff", "shop.jsonc", file]), message);
      refused(privet(folder, ["matrix", "shop.jsonc", file]), message);
      refused(privet(folder, ["docs", file]), message);
    }
    refused(
      privet(folder, ["build", "shop.jsonc", "-o", "shop.jsonc"]),
      /cannot write `shop\.jsonc\/shop\.privetpack`: .*; `-o` names a folder/,
    );
  });

  test("refuses deep nesting and values of other kinds without a trace", (context) => {
    const files = {
      "deep.jsonc": "[".repeat(200_000),
      "deeper.jsonc": `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`,
      "null.json": "null",
      "proto.json": '{"__proto__":{"roles":["x"]},"grants":{"__proto__":true}}',
      "people.json": [null, 7, { name: { toString: 1 }, roles: ["clerk"] }],
      "shop.jsonc": SHOP,
    };
    const folder = folderOf(context, files);
    for (const file of ["deep.jsonc", "deeper.jsonc"]) {
      assert.equal(json(folder, ["check", file]).status, 1);
      assert.equal(privet(folder, ["build", file]).status, 1);
      refused(privet(folder, ["format", file]), /has more than 512 levels/);
      refused(privet(folder, ["decide", "shop.jsonc", file]), /has more than 512 levels/);
      refused(privet(folder, ["init", file, "--yes"]), /has more than 512 levels/);
    }
    refused(privet(folder, ["decide", "shop.jsonc", "null.json"]), /`null` is not an object/);
    refused(
      privet(folder, ["decide", "shop.jsonc", "proto.json"]),
      /has the key `__proto__` at line 1, column 2; remove it/,
    );
    const { status, output } = json(folder, ["matrix", "shop.jsonc", "people.json"]);
    assert.deepEqual(
      [status, output.rows.map(({ name }) => name), output.errors.map(({ name }) => name)],
      [1, ["person 3"], ["person 1", "person 2"]],
    );
  });

  test("takes 0 bytes and text that is no policy for findings", (context) => {
    const folder = folderOf(context, { "empty.jsonc": "", "list.jsonc": "[1]", "shop.jsonc": SHOP });
    for (const file of ["empty.jsonc", "list.jsonc"]) {
      const { status, output } = json(folder, ["check", file]);
      assert.ok(status === 1 && output.errors > 0, file);
      const built = privet(folder, ["build", file]);
      assert.equal(built.status, 1);
      assert.match(built.err, /error: `\w+\.jsonc` does not compile: 1 error; correct the document\n$/);
      assert.equal(json(folder, ["docs", file, "-o", "x"]).output.error.code, "invalid-policy");
    }
    refused(
      privet(folder, ["decide", "shop.jsonc", "empty.jsonc"]),
      /`empty\.jsonc` is not JSON: .* at line 1, column 1/,
    );
  });

  test("colours only where a terminal or FORCE_COLOR asks for it", (context) => {
    const folder = folderOf(context, { "shop.jsonc": broken });
    assert.doesNotMatch(privet(folder, ["check", "shop.jsonc"]).out, ESCAPE);
    assert.match(privet(folder, ["check", "shop.jsonc"], { env: { FORCE_COLOR: "1" } }).out, /^\S\[31merror/);
    const { out } = privet(folder, ["check", "shop.jsonc"], { env: { NO_COLOR: "1" } });
    assert.doesNotMatch(out, ESCAPE);
  });

  test("prints no control characters of a document", (context) => {
    const evil = {
      ...SHOP,
      operations: [{ ...SHOP.operations[0], label: "\u001b[2J", requires: "orders\u001b >= view" }],
    };
    const folder = folderOf(context, {
      "shop.jsonc": JSON.stringify(evil).replaceAll("\\u001b", "\u001b"),
      "mia.json": clerk,
    });
    assert.doesNotMatch(privet(folder, ["check", "shop.jsonc"]).out, ESCAPE);
  });
});

describe("check", () => {
  test("prints diagnostics with the path, and exits with 1 for errors", (context) => {
    const folder = folderOf(context, { "shop.jsonc": SHOP, "broken.jsonc": JSON.stringify(broken, null, 2) });
    assert.deepEqual(privet(folder, ["check", "shop.jsonc"]), {
      status: 0,
      out: "`shop.jsonc`: no findings\n",
      err: "",
    });
    assert.equal(privet(folder, ["check", "-q", "shop.jsonc"]).out, "");
    const { status, out } = privet(folder, ["check", "broken.jsonc"]);
    assert.equal(status, 1);
    assert.match(out, /^error\[unknown-id\]: .*`order`\n +--> broken\.jsonc:\d+:\d+ /);
    assert.match(privet(folder, ["check", "-"], { input: JSON.stringify(broken) }).out, /--> standard input:1:/);
  });

  test("warnings are findings where --fail-on says so", (context) => {
    const folder = folderOf(context, {
      "shop.jsonc": { ...SHOP, privileges: [...SHOP.privileges, { id: "x", kind: "flag", label: "X" }] },
    });
    const { status, output } = json(folder, ["check", "shop.jsonc"]);
    assert.deepEqual([status, output.errors, output.warnings], [0, 0, 1]);
    assert.equal(privet(folder, ["check", "--fail-on", "warning", "shop.jsonc"]).status, 1);
  });

  test("writes annotations of GitHub and SARIF", (context) => {
    const folder = folderOf(context, { "a,b.jsonc": broken });
    const { out } = privet(folder, ["check", "--format", "github", "a,b.jsonc"]);
    assert.match(out, /^::error file=a%2Cb\.jsonc,line=1,col=\d+,title=unknown-id::unknown .*`order`/);
    const sarif = JSON.parse(privet(folder, ["check", "--format", "sarif", "a,b.jsonc"]).out);
    assert.equal(sarif.version, "2.1.0");
    const [result] = sarif.runs[0].results;
    assert.deepEqual([result.ruleId, result.level], ["unknown-id", "error"]);
    assert.equal(result.locations[0].physicalLocation.artifactLocation.uri, "a%2Cb.jsonc");
    assert.equal(sarif.runs[0].tool.driver.rules[result.ruleIndex].id, "unknown-id");
  });

  test("reads included files beside the document, and none outside of its folder", (context) => {
    const { operations, ...rest } = SHOP;
    const main = (name) => ({ ...rest, include: [name] });
    const files = {
      "p/shop.jsonc": main("more/operations.jsonc"),
      "p/more/operations.jsonc": { operations },
      "p/broken.jsonc": main("bad.jsonc"),
      "p/bad.jsonc": { operations: broken.operations },
      "p/missing.jsonc": main("none.jsonc"),
      "p/link.jsonc": main("linked.jsonc"),
      "secret.jsonc": { operations },
    };
    const folder = folderOf(context, files);
    symlinkSync(join(folder, "secret.jsonc"), join(folder, "p/linked.jsonc"));
    assert.equal(privet(folder, ["check", "p/shop.jsonc"]).status, 0);
    assert.equal(privet(join(folder, "p"), ["check", "-"], { input: JSON.stringify(files["p/shop.jsonc"]) }).status, 0);
    const { output } = json(folder, ["check", "p/broken.jsonc"]);
    assert.ok(output.files[0].diagnostics.some(({ file }) => file === "bad.jsonc"));
    assert.match(
      privet(folder, ["check", "--format", "github", "p/broken.jsonc"]).out,
      /^::error file=p\/bad\.jsonc,/m,
    );
    const missing = privet(folder, ["check", "p/missing.jsonc"]);
    assert.ok(missing.status === 1 && /file `none\.jsonc` is not given/.test(missing.out));
    refused(privet(folder, ["check", "p/link.jsonc"]), /`linked\.jsonc` links to a file outside of the folder/);
    for (const name of [
      "../secret.jsonc",
      join(folder, "secret.jsonc"),
      "more/../../secret.jsonc",
      "..\\secret.jsonc",
      "C:\\x",
    ]) {
      writeFileSync(join(folder, "p/outside.jsonc"), JSON.stringify(main(name)));
      refused(privet(folder, ["check", "p/outside.jsonc"]), /is outside of the folder of the document/);
    }
  });
});

describe("build and types", () => {
  test("write a pack and a module, which is one import", async (context) => {
    const folder = folderOf(context, { "shop.privet.jsonc": SHOP });
    const { status, output } = json(folder, ["build", "shop.privet.jsonc", "-o", "out"]);
    assert.equal(status, 0);
    assert.deepEqual(output.written, ["out/shop.privetpack", "out/shop.js", "out/shop.d.ts"]);
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(join(process.env.PRIVET_INSTALLED, "node_modules/privet"), join(folder, "node_modules/privet"));
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    const { policy, pack, operations } = await import(pathToFileURL(join(folder, "out/shop.js")));
    assert.deepEqual(policy.session(clerk).allowed(), ["orders.list", "orders.edit"]);
    assert.equal(operations["orders.edit"], "orders.edit");
    assert.deepEqual(new Uint8Array(readFileSync(join(folder, "out/shop.privetpack"))), new Uint8Array(pack));
    const types = readFileSync(join(folder, "out/shop.d.ts"), "utf8");
    assert.match(types, /export declare const policy: Policy<Schema>;/);
    const decided = privet(folder, ["decide", "out/shop.privetpack", "-", "orders.edit"], {
      input: JSON.stringify(clerk),
    });
    assert.match(decided.out, /^orders\.edit {2}allowed/);

    assert.equal(json(folder, ["build", "shop.privet.jsonc", "-o", "js", "--js"]).status, 0);
    assert.match(readFileSync(join(folder, "js/shop.js"), "utf8"), /^import \{ open \} from "privet\/js";\n/);
    const js = await import(pathToFileURL(join(folder, "js/shop.js")));
    assert.deepEqual(js.policy.session(clerk).allowed(), ["orders.list", "orders.edit"]);
    assert.deepEqual(new Uint8Array(js.pack), new Uint8Array(pack));
    assert.equal(readFileSync(join(folder, "js/shop.d.ts"), "utf8"), types);
  });

  test("a module also runs in engines without TextEncoder and atob", async (context) => {
    const name = { ...SHOP, title: "Café 🛒" };
    const folder = folderOf(context, { "shop.jsonc": name });
    assert.equal(json(folder, ["build", "shop.jsonc", "-o", "out"]).status, 0);
    const source = readFileSync(join(folder, "out/shop.js"), "utf8").replace(/^import .*|^export const policy.*/gm, "");
    const module = `(() => {${source.replace("export default pack;", "").replaceAll("export const", "const")}; return pack; })()`;
    // A context of its own has what ECMAScript defines alone
    assert.equal(runInNewContext("typeof TextEncoder + typeof atob"), "undefinedundefined");
    assert.deepEqual(Buffer.from(runInNewContext(module)), readFileSync(join(folder, "out/shop.privetpack")));
  });

  test("--strip leaves the document out, and --beside writes declarations for imports of the document", (context) => {
    const folder = folderOf(context, { "shop.privet.jsonc": SHOP });
    assert.equal(privet(folder, ["build", "shop.privet.jsonc", "-o", "whole"]).status, 0);
    assert.equal(privet(folder, ["build", "shop.privet.jsonc", "-o", "stripped", "--strip"]).status, 0);
    const [whole, stripped] = ["whole", "stripped"].map((name) => readFileSync(join(folder, name, "shop.privetpack")));
    assert.ok(stripped.length < whole.length / 2);
    writeFileSync(join(folder, "clerk.json"), JSON.stringify(clerk));
    const decided = (pack) => privet(folder, ["decide", join(pack, "shop.privetpack"), "clerk.json"]).out;
    assert.equal(decided("stripped"), decided("whole"));
    assert.match(decided("stripped"), /allowed/);
    assert.equal(privet(folder, ["types", "shop.privet.jsonc", "--beside"]).out, "wrote shop.privet.jsonc.d.ts\n");
    assert.match(
      readFileSync(join(folder, "shop.privet.jsonc.d.ts"), "utf8"),
      /export declare const policy: Policy<Schema>;/,
    );
    refused(privet(folder, ["types", "shop.privet.jsonc", "--beside", "-o", "x"]), /cannot both be given/);
    const registers = /declare module "privet" \{\n {2}interface Register \{\n {4}schema: Schema;/;
    assert.doesNotMatch(privet(folder, ["types", "shop.privet.jsonc"]).out, registers);
    assert.match(privet(folder, ["types", "shop.privet.jsonc", "--register"]).out, registers);
    assert.equal(privet(folder, ["build", "shop.privet.jsonc", "-o", "app", "--register"]).status, 0);
    assert.match(readFileSync(join(folder, "app/shop.d.ts"), "utf8"), registers);
  });

  test("types are printed, or written with -o; level facts have a type", (context) => {
    const levels = [
      { id: "free", label: "Free" },
      { id: "pro", label: "Pro" },
    ];
    const facts = [...SHOP.facts, { id: "plan", kind: "level", label: "Plan", levels }];
    const operations = [...SHOP.operations, { id: "pro.use", label: "Pro", requires: "plan >= pro and refund" }];
    const folder = folderOf(context, { "shop.jsonc": { ...SHOP, facts, operations } });
    assert.match(privet(folder, ["types", "shop.jsonc"]).out, /readonly "plan": "free" \| "pro";/);
    assert.equal(privet(folder, ["types", "shop.jsonc", "-o", "t"]).out, "wrote t/shop.d.ts\n");
    assert.match(readFileSync(join(folder, "t/shop.d.ts"), "utf8"), /keyof FactValues/);
    refused(privet(folder, ["build", "shop.jsonc", "--name", "../x"]), /`\.\.\/x` is no name for files/);
  });
});

describe("decide, explain and fixes", () => {
  test("decide for a file and for standard input", (context) => {
    const folder = folderOf(context, {
      "shop.jsonc": SHOP,
      "mia.json": clerk,
      "boss.jsonc": '{ "roles": ["boss"] /* all */ }',
    });
    assert.equal(privet(folder, ["decide", "shop.jsonc", "mia.json"]).out.split("\n").length, 4);
    const { output } = json(folder, ["decide", "shop.jsonc", "-", "returns.refund"], {
      input: '{"roles":["boss"],"facts":{"returns-on":true}}',
    });
    assert.deepEqual(output.operations, [{ operation: "returns.refund", decision: "allowed", obligations: ["log"] }]);
    assert.deepEqual(output.shown, ["orders", "returns"]);
    assert.equal(privet(folder, ["decide", "shop.jsonc", "boss.jsonc", "--fail-on", "denied"]).status, 1);
    refused(
      privet(folder, ["decide", "shop.jsonc", "mia.json", "orders.edt"]),
      /unknown operation `orders\.edt`; did you mean `orders\.edit`\?/,
    );
    refused(privet(folder, ["decide", "shop.jsonc", "-"], { input: '{"roles":["nobody"]}' }), /unknown role `nobody`/);
    refused(privet(folder, ["decide", "shop.jsonc", "-"], { input: "7" }), /`7` is not an object/);
  });

  test("the time is the present, or that of --now", (context) => {
    const ends = { grants: { orders: { value: "view", until: 200 } } };
    const folder = folderOf(context, { "shop.jsonc": SHOP, "mia.json": ends });
    const at = (...now) =>
      privet(folder, ["decide", "shop.jsonc", "mia.json", "orders.list", ...now]).out.split(/\s+/)[1];
    assert.deepEqual([at(), at("--now", "199"), at("--now", "1970-01-01T00:05:00Z")], ["denied", "allowed", "denied"]);
    refused(privet(folder, ["decide", "shop.jsonc", "mia.json", "--now", "soon"]), /`soon` is not a time/);
  });

  test("explain and fixes", (context) => {
    const folder = folderOf(context, { "shop.jsonc": SHOP, "mia.json": clerk });
    const { out } = privet(folder, ["explain", "shop.jsonc", "mia.json", "returns.refund"]);
    assert.match(
      out,
      /^Refund an order: denied, because Refund is not granted\.\n\nall of: no\n {2}refund: no\n {2}returns-on: yes/,
    );
    assert.equal(
      json(folder, ["explain", "shop.jsonc", "mia.json", "returns.refund"]).output.explanation.decision,
      "denied",
    );
    const { status, output } = json(folder, ["fixes", "shop.jsonc", "mia.json", "returns.refund"]);
    assert.equal(status, 0);
    assert.deepEqual(output.result.fixes[0].change, { set: { refund: true } });
    const none = json(folder, ["fixes", "shop.jsonc", "mia.json", "returns.refund", "--frozen", "refund", "boss"]);
    assert.deepEqual([none.status, none.output.result.fixes], [1, []]);
    assert.match(
      privet(folder, ["fixes", "shop.jsonc", "mia.json", "returns.refund"]).out,
      /Grant Refund\.\n {2}cost 1/,
    );
  });
});

describe("completion", () => {
  test("is a script of each shell that names every command", (context) => {
    const folder = folderOf(context);
    for (const shell of ["bash", "zsh", "fish"]) {
      const { status, out } = privet(folder, ["completion", shell]);
      assert.equal(status, 0);
      for (const command of COMMANDS) assert.match(out, new RegExp(`\\b${command}\\b`));
      if (shell === "bash") assert.equal(spawnSync("bash", ["-n"], { input: out }).status, 0);
    }
    const script = `${privet(folder, ["completion", "bash"]).out}\nCOMP_WORDS=(privet di); COMP_CWORD=1; _privet; echo "\${COMPREPLY[@]}"`;
    assert.equal(spawnSync("bash", ["-c", script], { encoding: "utf8" }).stdout, "diff\n");
    refused(privet(folder, ["completion", "csh"]), /`csh` is no shell that is known/);
  });
});
