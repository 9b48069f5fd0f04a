// studio.mjs FOLDER: what starting, compiling, explaining, fixing and resolving take through the npm package, on the three
// built-in policies and on AWS IAM in four sizes. Prints a table of each; leaves studio.json in FOLDER.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { load, packed } from "./load.mjs";
import { pace, paced } from "./pace.mjs";
import { generator, people } from "./question.mjs";
import { now, rounds, told } from "./rounds.mjs";
import { text } from "./table.mjs";
import { policies as policyTable } from "./tables.mjs";

const POLICIES = ["vicidial", "contact", "dotdigital"];
const folder = process.argv[2];
const [{ open }, { studio }] = await Promise.all(["privet", "privet/studio"].map(load));
const tools = await studio();

/** Milliseconds; the turns of a loop that is called once a turn. */
const once = (call) => (turns) => {
  for (let turn = 0; turn < turns; turn++) call(turn);
};
const ms = ({ median, least, pace }) => ({ median: median / 1e6, least: least / 1e6, pace });
const allMs = (taken) => Object.fromEntries(Object.entries(taken).map(([name, figure]) => [name, ms(figure)]));

/** Compiling and instantiating a module from its bytes, each time with another custom section: V8 knows bytes again. */
function instantiated(name) {
  const bytes = readFileSync(join(packed, `wasm/${name}_bg.wasm`));
  const tail = Buffer.from([0, 6, 1, 120, 0, 0, 0, 0]);
  let turn = 0;
  return once(() => {
    tail.writeUInt32LE(turn++, 4);
    const module = new WebAssembly.Module(Buffer.concat([bytes, tail]));
    const imports = {};
    for (const { module: from, name } of WebAssembly.Module.imports(module)) (imports[from] ??= {})[name] = () => {};
    new WebAssembly.Instance(module, imports);
  });
}

/** How often a question is asked: all of them in turns, so that none is asked only before the engine has been compiled well. */
const TURNS = 15;

/** Milliseconds of a question about every operation that somebody is not allowed. */
function asked(policy, sessions, question) {
  const refused = (session) => policy.operations.filter((operation) => !session.can(operation));
  const all = sessions.flatMap((session) => refused(session).map((operation) => ({ session, operation, taken: [] })));
  const at = pace(TURNS, () => {
    for (const { session, operation, taken } of all) {
      const start = now();
      question(session, operation);
      taken.push(now() - start);
    }
  });
  const sorted = all.map(({ operation, taken }) => ({ operation, ...told(taken) })).sort((a, b) => a.least - b.least);
  return {
    asked: sorted.length,
    median: sorted[sorted.length >> 1].least,
    most: sorted.at(-1).least,
    pace: at,
    operation: sorted.at(-1).operation,
  };
}

function policy(id, pack) {
  const text = readFileSync(fileURLToPath(new URL(`../../src/policies/${id}.jsonc`, import.meta.url)), "utf8");
  const policy = open(pack);
  const sessions = [
    policy.session(),
    ...people(tools.describe(policy), 2, generator(20261122)).map(({ subject }) => policy.session(subject)),
  ];
  const tokens = people(tools.describe(policy), 200, generator(7)).map(
    ({ subject }) => policy.session(subject).token().length,
  );
  return {
    operations: policy.operations.length,
    compile: ms(paced({ it: once(() => tools.compile(text)) }, { count: 80 }).it),
    open: ms(rounds({ it: once(() => open(pack)) }, { count: 20 }).it),
    explain: asked(policy, sessions, (session, operation) => tools.explain(session, operation)),
    fixes: asked(policy, sessions, (session, operation) => tools.fixes(session, operation)),
    token: { median: told(tokens).median, most: Math.max(...tokens) },
    pack: pack.length,
  };
}

/** What a guarded request costs: verifying the signature of a JWT, and then resolving its token and one check. */
async function request(pack) {
  const { SignJWT, generateKeyPair, jwtVerify } = await load("jose");
  const { publicKey, privateKey } = await generateKeyPair("EdDSA");
  const policy = open(pack);
  const [{ subject }] = people(tools.describe(policy), 1, generator(20261122));
  const token = policy.session(subject).token();
  const jwt = await new SignJWT({ privet: token })
    .setProtectedHeader({ alg: "EdDSA" })
    .setSubject("somebody")
    .setExpirationTime("1h")
    .sign(privateKey);
  const verified = [];
  for (let round = 0; round < 20; round++) {
    const start = now();
    for (let turn = 0; turn < 50; turn++) await jwtVerify(jwt, publicKey);
    verified.push((now() - start) / 50);
  }
  const restored = once(() => policy.restore(token, subject.facts).can(policy.operations[0]));
  return { verify: told(verified), restore: ms(rounds({ restored }, { count: 20 }).restored) };
}

/** One size of AWS IAM: a subject with a twentieth of the grants, the question with the most to grant of the smallest. */
function iam({ file, actions }, question) {
  const text = readFileSync(join(folder, "iam", file), "utf8");
  const compiled = (turns) => once(() => (pack = tools.compile(text)))(turns);
  let pack;
  const compile = rounds({ compiled }, { count: 3, ms: 1, total: 0 }).compiled;
  const ids = JSON.parse(text).operations.map(({ id }) => id);
  const grants = Object.fromEntries(ids.filter((_, index) => index % 20 === 0).map((id) => [id, true]));
  const opened = open(pack);
  const session = opened.session({ grants });
  const nobody = opened.session();
  const held = ids[0];
  tools.explain(nobody, question); // so that the studio has opened the pack
  const taken = paced(
    {
      open: once(() => open(pack)),
      resolve: once(() => opened.session({ grants })),
      change: once((turn) => session.with({ set: { [held]: turn % 2 ? true : null } })),
      token: once(() => session.token()),
      explain: once(() => tools.explain(nobody, question)),
      fixes: once(() => tools.fixes(nobody, question)),
    },
    { count: 30, total: 500 },
  );
  return {
    actions,
    ...allMs({ compile, ...taken }),
    characters: session.token().length,
    pack: pack.length,
    cost: tools.fixes(nobody, question).fixes[0].cost,
  };
}

/** The action that most others must be granted with, directly or not. */
function widest({ file }) {
  const { privileges } = JSON.parse(readFileSync(join(folder, "iam", file), "utf8"));
  const needs = new Map(privileges.map(({ id, requires }) => [id, requires?.split(" and ") ?? []]));
  const below = (id, seen = new Set()) =>
    seen.has(id) ? seen : (seen.add(id), needs.get(id).forEach((next) => below(next, seen)), seen);
  return privileges.map(({ id }) => [below(id).size, id]).sort(([a], [b]) => b - a)[0][1];
}

// By the clock: V8 validates a module on several threads, and what a page waits for is the end of it.
const start = allMs(
  paced({ core: instantiated("core"), studio: instantiated("studio") }, { by: () => performance.now() }),
);
const policies = {};
for (const id of POLICIES) policies[id] = policy(id, (await load(`privet/policies/${id}`)).pack);
const guarded = await request((await load("privet/policies/contact")).pack);
const { sizes } = JSON.parse(readFileSync(join(folder, "iam/iam.json"), "utf8"));
const question = widest(sizes[0]);
const growth = sizes.map((size) => iam(size, question));
writeFileSync(join(folder, "studio.json"), JSON.stringify({ start, policies, guarded, growth, question }, null, 2));

console.log("through the npm package; fastest of the rounds");
console.log(
  `a module compiled and instantiated: core ${start.core.least.toPrecision(3)} ms, studio ${start.studio.least.toPrecision(3)} ms`,
);
console.log(text(policyTable({ policies })));
console.log(
  `a request: ${(1e3 * guarded.verify.least).toFixed(0)} µs to verify its JWT (EdDSA), ${(1e3 * guarded.restore.least).toPrecision(3)} µs to resolve its token and check`,
);
console.log(`AWS IAM is asked about ${question}, which ${growth[0].cost} grants allow`);
