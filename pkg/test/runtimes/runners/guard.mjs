// Guards in workerd: documented responses, mutated tokens and JWTs, and the edge example under load.
import { copyFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { app, counted, here, native, program, scratch, sh } from "../lib.mjs";
import { bundle, external, inEdgeRuntime, worker } from "./edge.mjs";

const imported = (entry) => import(pathToFileURL(createRequire(join(app, "main.js")).resolve(entry)).href);

/** The privileges of a policy, for the independent parser of tokens in mutations.mjs. */
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

async function withMutations(use) {
  const known = `export default ${JSON.stringify(await privileges())};\n`;
  const folder = scratch("mutations", { "privileges.mjs": known });
  copyFileSync(join(here, "mutations.mjs"), join(folder, "mutations.mjs"));
  copyFileSync(join(here, "../support/random.mjs"), join(folder, "random.mjs"));
  const contents = await bundle(
    "mutations-main",
    'export { default } from "../mutations/mutations.mjs";\n',
    ["workerd", "worker", "browser"],
    "esm",
    external,
  );
  const running = worker(contents);
  const send = async (question) => {
    const answer = await (await running.dispatchFetch(`http://localhost/?${new URLSearchParams(question)}`)).json();
    if (answer.error) throw new Error(answer.error);
    return answer;
  };
  try {
    return await use(send);
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
  return withMutations(async (send) => {
    const answered = await send({ answers: "" });
    for (const what of new Set([...Object.keys(documented), ...Object.keys(answered)])) {
      if (JSON.stringify(answered[what]) !== JSON.stringify(documented[what]))
        throw new Error(`${what}: ${answered[what]}, not ${documented[what]}`);
    }
    return `${Object.keys(answered).length} answers as documented`;
  });
}

/** The minimum number of requests. PRIVET_MUTATIONS=n sets the number of random mutations of each kind. */
const MINIMUM = 100_000;
const RANDOM = Number(process.env.PRIVET_MUTATIONS ?? 32_000);

export function edgeMutations() {
  return withMutations(async (send) => {
    let sent = 0;
    let allowed = 0;
    const wrong = [];
    for (const kind of await send({ kinds: "" })) {
      const report = await send({ kind, count: RANDOM });
      if (process.env.PRIVET_VERBOSE) console.log(`  ${kind}: ${report.sent}, allowed ${report.allowed}`);
      sent += report.sent;
      allowed += report.allowed;
      wrong.push(...report.wrong);
    }
    if (wrong.length)
      throw new Error(`${wrong.length} wrong answers to ${sent} requests:\n${wrong.slice(0, 10).join("\n")}`);
    if (!process.env.PRIVET_MUTATIONS && sent < MINIMUM) throw new Error(`only ${sent} requests, not ${MINIMUM}`);
    return `${sent} mutated requests, 0 wrong answers; ${allowed} allowed by the content that the issuer signed`;
  });
}

/** A guard in other runtimes: Node.js, Deno without permissions, Bun, the edge runtime. */
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

/** The load test of the example, which compares every response and exits with a failure status if one is wrong. */
export async function edgeLoad() {
  const out = await sh(
    process.execPath,
    ["load.mjs", process.env.PRIVET_LOAD ?? "50000", process.env.PRIVET_RECORDED ?? "500"],
    {
      cwd: process.env.PRIVET_EDGE,
      seconds: 400,
    },
  );
  return out.trim().split("\n").join("; ");
}
