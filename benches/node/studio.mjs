// studio.mjs FOLDER: the times of instantiating, compiling, explaining, fixing and resolving through the npm package, for the
// three built-in policies and for AWS IAM in four sizes. Prints tables; writes studio.json to FOLDER.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { load, packed } from "./load.mjs";
import { pace, paced } from "./pace.mjs";
import { generator } from "./random.mjs";
import { now, rounds, summary } from "./rounds.mjs";
import { text } from "./table.mjs";
import { policies as policyTable } from "./tables.mjs";
import { people } from "./workload.mjs";

const POLICIES = ["vicidial", "contact", "dotdigital"];
const folder = process.argv[2];
const [{ open }, { studio }] = await Promise.all(["privet", "privet/studio"].map(load));
const tools = await studio();

/** A loop that calls a function once per iteration. */
const once = (call) => (turns) => {
  for (let turn = 0; turn < turns; turn++) call(turn);
};
/** Nanoseconds to milliseconds. */
const ms = ({ median, least, pace }) => ({ median: median / 1e6, least: least / 1e6, pace });
const allMs = (taken) => Object.fromEntries(Object.entries(taken).map(([name, figure]) => [name, ms(figure)]));

/** Compiles and instantiates a module. Each iteration adds a different custom section, since V8 caches modules by bytes. */
function instantiated(name) {
  const bytes = readFileSync(join(packed, `wasm/${name}_bg.wasm`));
  const tail = Buffer.from([0, 6, 1, 120, 0, 0, 0, 0]);
  let turn = 0;
  return once(() => {
    tail.writeUInt32LE(turn++, 4);
    const module = new WebAssembly.Module(Buffer.concat([bytes, tail]));
    const imports = {};
    for (const { module: from, name } of WebAssembly.Module.imports(module)) {
      imports[from] ??= {};
      imports[from][name] = () => {};
    }
    new WebAssembly.Instance(module, imports);
  });
}

/** Calls per question. All questions are interleaved, so that none is asked only before the JIT has optimised the code. */
const TURNS = 15;

/** Milliseconds of a question, asked about every operation that one of the sessions is denied. */
function timeQuestion(policy, sessions, question) {
  const refused = (session) => policy.operations.filter((operation) => !session.can(operation));
  const all = sessions.flatMap((session) => refused(session).map((operation) => ({ session, operation, taken: [] })));
  const at = pace(TURNS, () => {
    for (const { session, operation, taken } of all) {
      const start = now();
      question(session, operation);
      taken.push(now() - start);
    }
  });
  const sorted = all
    .map(({ operation, taken }) => ({ operation, ...summary(taken) }))
    .sort((a, b) => a.least - b.least);
  return {
    count: sorted.length,
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
    open: ms(paced({ it: once(() => open(pack)) }, { count: 20 }).it),
    explain: timeQuestion(policy, sessions, (session, operation) => tools.explain(session, operation)),
    fixes: timeQuestion(policy, sessions, (session, operation) => tools.fixes(session, operation)),
    token: { median: summary(tokens).median, most: Math.max(...tokens) },
    pack: pack.length,
  };
}

/** The cost of a guarded request: verifying the signature of a JWT, then restoring its token and one check. */
async function request(pack) {
  const { SignJWT, generateKeyPair, jwtVerify } = await load("jose");
  const { publicKey, privateKey } = await generateKeyPair("EdDSA");
  const policy = open(pack);
  const [{ subject }] = people(tools.describe(policy), 1, generator(20261122));
  const token = policy.session(subject).token();
  const jwt = await new SignJWT({ privet: token })
    .setProtectedHeader({ alg: "EdDSA" })
    .setSubject("user")
    .setExpirationTime("1h")
    .sign(privateKey);
  const verified = [];
  for (let round = 0; round < 20; round++) {
    const start = now();
    for (let turn = 0; turn < 50; turn++) await jwtVerify(jwt, publicKey);
    verified.push((now() - start) / 50);
  }
  const restored = once(() => policy.restore(token, subject.facts).can(policy.operations[0]));
  return { verify: summary(verified), restore: ms(rounds({ restored }, { count: 20 }).restored) };
}

/** A million people of Contact, from packed rows: who is allowed what, and how many. */
function population(pack) {
  const contact = open(pack);
  const some = people(tools.describe(contact), 10_000, generator(20261122)).map(({ subject }) => subject);
  const packed = tools.population(contact, some).pack();
  const rows = new Uint8Array(100 * packed.rows.length);
  for (let at = 0; at < rows.length; at += packed.rows.length) rows.set(packed.rows, at);
  const decided = once(() => tools.population(contact, { ...packed, rows }).counts());
  return ms(paced({ decided }, { count: 15, total: 1000 }).decided);
}

/** AWS IAM in one size: a subject with a twentieth of the grants, and one question that is the same for all sizes. */
function iam({ file, actions }, question) {
  const text = readFileSync(join(folder, "iam", file), "utf8");
  let pack;
  const compiled = once(() => {
    pack = tools.compile(text);
  });
  const compile = rounds({ compiled }, { count: 3, ms: 1, total: 0 }).compiled;
  const ids = JSON.parse(text).operations.map(({ id }) => id);
  const grants = Object.fromEntries(ids.filter((_, index) => index % 20 === 0).map((id) => [id, true]));
  const opened = open(pack);
  const session = opened.session({ grants });
  const empty = opened.session();
  const held = ids[0];
  tools.explain(empty, question); // makes the studio open the pack before timing
  const taken = paced(
    {
      open: once(() => open(pack)),
      resolve: once(() => opened.session({ grants })),
      change: once((turn) => session.with({ set: { [held]: turn % 2 ? true : null } })),
      token: once(() => session.token()),
      explain: once(() => tools.explain(empty, question)),
      fixes: once(() => tools.fixes(empty, question)),
    },
    { count: 30, total: 500 },
  );
  return {
    actions,
    ...allMs({ compile, ...taken }),
    characters: session.token().length,
    pack: pack.length,
    cost: tools.fixes(empty, question).fixes[0].cost,
  };
}

/** The action with the most transitive dependencies. */
function widest({ file }) {
  const { privileges } = JSON.parse(readFileSync(join(folder, "iam", file), "utf8"));
  const needs = new Map(privileges.map(({ id, requires }) => [id, requires?.split(" and ") ?? []]));
  const below = (id, seen = new Set()) => {
    if (seen.has(id)) return seen;
    seen.add(id);
    for (const next of needs.get(id)) below(next, seen);
    return seen;
  };
  return privileges.map(({ id }) => [below(id).size, id]).sort(([a], [b]) => b - a)[0][1];
}

// Wall-clock time: V8 compiles a module on several threads, and a page waits for the last one
const start = allMs(
  paced({ core: instantiated("core"), studio: instantiated("studio") }, { by: () => performance.now() }),
);
const policies = {};
for (const id of POLICIES) policies[id] = policy(id, (await load(`privet/policies/${id}`)).pack);
const guarded = await request((await load("privet/policies/contact")).pack);
const decided = population((await load("privet/policies/contact")).pack);
const { sizes } = JSON.parse(readFileSync(join(folder, "iam/iam.json"), "utf8"));
const question = widest(sizes[0]);
const growth = sizes.map((size) => iam(size, question));
writeFileSync(
  join(folder, "studio.json"),
  JSON.stringify({ start, policies, guarded, population: decided, growth, question }, null, 2),
);

console.log("through the npm package; fastest round");
console.log(
  `compiling and instantiating a module: core ${start.core.least.toPrecision(3)} ms, studio ${start.studio.least.toPrecision(3)} ms`,
);
console.log(text(policyTable({ policies })));
console.log(
  `a request: ${(1e3 * guarded.verify.least).toFixed(0)} µs to verify its JWT (EdDSA), ${(1e3 * guarded.restore.least).toPrecision(3)} µs to restore its token and check`,
);
console.log(`a million people decided and counted, from packed rows: ${decided.least.toPrecision(3)} ms`);
console.log(`AWS IAM is asked about ${question}, which needs ${growth[0].cost} grants`);
