// Guarded requests in workerd: the documented answers, tokens and JWTs that were tampered with, and the edge example under load.
import { copyFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { app, counted, here, native, program, scratch, sh } from "../lib.mjs";
import { bundle, external, inEdgeRuntime, worker } from "./edge.mjs";

const imported = (entry) => import(pathToFileURL(createRequire(join(app, "main.js")).resolve(entry)).href);

/** What the hand-written reader of tokens must know of a policy's privileges. */
async function privileges() {
  const [{ open }, { studio }, { pack }] = await Promise.all(
    ["privet", "privet/studio", "privet/policies/vicidial"].map(imported),
  );
  const ids = (named) => named?.map(({ id }) => id);
  return (await studio())
    .describe(open(pack))
    .privileges.map(({ id, kind, levels, options, min = 0, max = 0xffffffff }) => ({
      id,
      kind,
      levels: ids(levels),
      options: ids(options),
      min,
      max,
    }));
}

async function tampering(use) {
  const known = `export default ${JSON.stringify(await privileges())};\n`;
  const folder = scratch("mutations", { "privileges.mjs": known });
  copyFileSync(join(here, "mutations.mjs"), join(folder, "mutations.mjs"));
  const contents = await bundle(
    "mutations-main",
    'export { default } from "../mutations/mutations.mjs";\n',
    ["workerd", "worker", "browser"],
    "esm",
    external,
  );
  const running = worker(contents);
  const ask = async (question) => {
    const answer = await (await running.dispatchFetch(`http://localhost/?${new URLSearchParams(question)}`)).json();
    if (answer.error) throw new Error(answer.error);
    return answer;
  };
  try {
    return await use(ask);
  } finally {
    await running.dispose();
  }
}

const error = 'Bearer realm="privet", error="invalid_token"';
const documented = {
  valid: [200],
  "valid, not allowed": [403, "denied"],
  missing: [401, "missing-token", 'Bearer realm="privet"'],
  malformed: [401, "invalid-token", error],
  expired: [401, "expired-token", error],
  "wrong audience": [401, "wrong-audience", error],
  "wrong issuer": [401, "wrong-issuer", error],
  "wrong key": [401, "invalid-token", error],
  "alg none": [401, "invalid-token", error],
  "alg none, signed": [401, "invalid-token", error],
  truncated: [401, "invalid-token", error],
  "no signature": [401, "invalid-token", error],
  "another policy's": [401, "stale-token", error],
  "stale layout": [401, "stale-token", error],
  oversized: [401, "oversized-token", error],
};

export function edgeAnswers() {
  return tampering(async (ask) => {
    const answered = await ask({ answers: "" });
    for (const what of new Set([...Object.keys(documented), ...Object.keys(answered)])) {
      if (JSON.stringify(answered[what]) !== JSON.stringify(documented[what]))
        throw new Error(`${what}: ${answered[what]}, not ${documented[what]}`);
    }
    return `${Object.keys(answered).length} answers as documented`;
  });
}

/** How many requests are promised; PRIVET_MUTATIONS=n for fewer or more random ones of each kind. */
const PROMISED = 100_000;
const RANDOM = Number(process.env.PRIVET_MUTATIONS ?? 32_000);

export function edgeMutations() {
  return tampering(async (ask) => {
    let sent = 0;
    let allowed = 0;
    const wrong = [];
    for (const kind of await ask({ kinds: "" })) {
      const report = await ask({ kind, count: RANDOM });
      if (process.env.PRIVET_VERBOSE) console.log(`  ${kind}: ${report.sent}, allowed ${report.allowed}`);
      sent += report.sent;
      allowed += report.allowed;
      wrong.push(...report.wrong);
    }
    if (wrong.length)
      throw new Error(`${wrong.length} wrong answers to ${sent} requests:\n${wrong.slice(0, 10).join("\n")}`);
    if (!process.env.PRIVET_MUTATIONS && sent < PROMISED) throw new Error(`only ${sent} requests, not ${PROMISED}`);
    return `${sent} mutated requests, 0 wrong answers; ${allowed} were allowed because what the issuer signed says so`;
  });
}

/** A guard where `fetch` handlers run besides workerd: Node.js, Deno with no permission, Bun, the edge runtime. */
export async function edgeElsewhere() {
  scratch("guarded", { "main.mjs": 'import { run } from "../guarded.mjs";\nconsole.log("cases:", await run());\n' });
  const runs = [
    [process.execPath, ["guarded/main.mjs"]],
    [
      process.execPath,
      [program("deno"), "run", "--node-modules-dir=manual", "--no-prompt", "guarded/main.mjs"],
      { DENO_DIR: join(app, ".deno"), DENO_NO_UPDATE_CHECK: "1" },
    ],
    [native("@oven", "bin/bun"), ["guarded/main.mjs"]],
  ];
  for (const [command, args, env = {}] of runs) counted(await sh(command, args, { env }));
  const count = await inEdgeRuntime(
    "guarded-edge",
    'import { run } from "../guarded.mjs";\nglobalThis.answer = run();\n',
  );
  return `${count} requests in each of Node.js, Deno, Bun and the edge runtime`;
}

/** The example's own load test: it compares every answer, and ends with another status when one is wrong. */
export async function edgeLoad() {
  const out = await sh(process.execPath, ["load.mjs", process.env.PRIVET_LOAD ?? "50000"], {
    cwd: process.env.PRIVET_EDGE,
    seconds: 400,
  });
  return out.trim().split("\n").join("; ");
}
