// Packs that somebody else made, through every door that takes packs: refused with a code, or confined to what they say. Others are
// decided as before. The memory that such a pack can take is a multiple of its length.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { KIND, assemble, disassembled, sections } from "./support/assemble.mjs";
import { AUDIENCE, ISSUER, claims, keys, sign } from "./support/issuer.mjs";
import { load } from "./support/package.mjs";
import { random } from "./support/random.mjs";

const privet = await load("privet");
const { open, PrivetError } = privet;
const { authzen } = await load("privet/authzen");
const { InvalidSignatureError, ProblemError, guard, issue, openSigned } = await load("privet/edge");
const { studio } = await load("privet/studio");
const { read } = await load("privet/read");
const { embed, hydrate } = await load("privet/ssr");
const { pack: contact } = await load("privet/policies/contact");

const tools = await studio();
const honest = open(contact);
const somebody = { grants: { "file-upload": true } };
const operation = honest.operations[0];
/** What is asked of an honest policy before and after. */
const answers = () => {
  const session = honest.session(somebody);
  return JSON.stringify([
    session.allowed(),
    session.token(),
    tools.explain(session, operation),
    tools.population(honest, [somebody]).counts(),
  ]);
};
const before = answers();

const source = {
  format: 1,
  id: "tenant",
  title: "Tenant",
  version: "1",
  verbs: [{ id: "edit", label: "Edit" }],
  facts: [
    { id: "lit", kind: "switch", label: "Lit", absent: false },
    {
      id: "place",
      kind: "choice",
      label: "Place",
      options: [
        { id: "here", label: "H" },
        { id: "away", label: "A" },
      ],
    },
  ],
  privileges: [
    { id: "key", kind: "flag", label: "Key" },
    {
      id: "users",
      kind: "level",
      label: "Users",
      levels: [
        { id: "see", label: "S" },
        { id: "edit", label: "E" },
      ],
    },
    {
      id: "region",
      kind: "choice",
      label: "Region",
      options: [
        { id: "eu", label: "E" },
        { id: "us", label: "U" },
      ],
    },
    {
      id: "doors",
      kind: "set",
      label: "Doors",
      options: [
        { id: "front", label: "F" },
        { id: "back", label: "B" },
      ],
    },
    { id: "limit", kind: "number", label: "Limit", min: 0, max: 60, requires: "key" },
  ],
  roles: [
    { id: "clerk", label: "Clerk", grants: { key: true, region: "eu", limit: 7 }, when: "place = here" },
    { id: "guard", label: "Guard", grants: { region: "us", doors: ["front"], limit: 9 } },
  ],
  menu: [
    { id: "home", label: "Home", meta: { href: "/" } },
    { id: "rooms", label: "Rooms", parent: "home" },
  ],
  operations: [
    {
      id: "rooms.edit",
      label: "Edit",
      menu: ["rooms"],
      verbs: ["edit"],
      requires: "key and users >= edit or doors = front and limit > 8",
      obligations: [{ id: "report", label: "Report", when: "not region = us" }],
    },
    { id: "rooms.see", label: "See", menu: ["rooms"], requires: "allowed(rooms.edit) or lit" },
  ],
  renamed: { chiave: "key" },
  allow: [],
};
const whole = tools.compile(source);
const PARTS = disassembled(whole);
const text = (bytes) => new TextDecoder().decode(bytes);

/** Packs with a valid checksum and something else in their names, program or document, or with sections of another policy. */
function* forgeries(seed, count) {
  const { below, pick } = random(seed);
  const strangers = [contact, tools.compile({ ...source, id: "other", operations: source.operations.slice(0, 1) })].map(
    disassembled,
  );
  const words = PARTS.program.length >> 2;
  const changes = {
    program(parts) {
      const view = new DataView(parts.program.buffer, parts.program.byteOffset);
      for (let left = below(3); left >= 0; left--) {
        const at = 4 * below(words);
        const old = view.getUint32(at, true);
        view.setUint32(
          at,
          pick([0, 1, 2, 4 * below(words), below(1000), old + 1, old ^ (1 << below(32)), 0xffffffff, 2 ** 28, 2 ** 31]),
          true,
        );
      }
    },
    names(parts) {
      const names = text(parts.names);
      const other = pick([
        "__proto__",
        "constructor",
        "toString",
        "key",
        "x".repeat(200),
        "",
        "a b",
        "\\u0000",
        "\\ud800",
        "1",
      ]);
      const ids = [...names.matchAll(/"([^"\\]*)"/g)];
      const { index, 0: quoted } = pick(ids);
      parts.names =
        names.slice(0, index) + JSON.stringify(other).replaceAll("\\\\", "\\") + names.slice(index + quoted.length);
    },
    bytes(parts) {
      const key = pick(["names", "program", "document"]);
      for (let left = below(4); left >= 0; left--) parts[key][below(parts[key].length)] = below(256);
    },
    document(parts) {
      const [from, to] = pick([
        ["key and", "key or"],
        ['"Key"', '"Kex"'],
        ['"id":"rooms.see"', '"id":"rooms.sea"'],
        ["lit", "true"],
        [/^.*$/s, "{}"],
        [/^.*$/s, "["],
        [/^.*$/s, `[${"[".repeat(100_000)}`],
      ]);
      parts.document = text(parts.document).replace(from, to);
    },
    swap(parts) {
      Object.assign(parts, pick(["names", "program", "document"].map((key) => ({ [key]: pick(strangers)[key] }))));
    },
    cut(parts) {
      const key = pick(["names", "program", "document"]);
      parts[key] = parts[key].slice(0, below(parts[key].length));
    },
  };
  for (let round = 0; round < count; round++) {
    const parts = Object.fromEntries(Object.entries(PARTS).map(([key, bytes]) => [key, bytes.slice()]));
    changes[pick(["program", "program", ...Object.keys(changes)])](parts);
    yield sections(parts);
  }
}

/** The result of a call, or the code of its error, which must be one of Privet. */
function attempt(call) {
  try {
    return { value: call() };
  } catch (error) {
    if (!(error instanceof PrivetError) || ["load-failed", "studio-stopped"].includes(error.code)) throw error;
    return { code: error.code };
  }
}

const subjects = (policy) => [
  {},
  { grants: Object.fromEntries(policy.privileges.map((id) => [id, true])) },
  { roles: policy.roles },
];

test("`open`, sessions, tokens, snapshots and pages", () => {
  let opened = 0;
  for (const pack of forgeries(41, 6000)) {
    const { value: policy, code } = attempt(() => open(pack));
    if (!policy) {
      assert.equal(code, "invalid-pack");
      continue;
    }
    opened++;
    for (const subject of subjects(policy)) {
      const { value: session } = attempt(() => policy.session(subject));
      if (!session) continue;
      session.menu();
      session.allowed();
      read(session.snapshot());
      attempt(() => policy.restore(session.token()));
      attempt(() => hydrate(policy, embed(session).replace(/<[^>]*>/g, "")));
      attempt(() => honest.restore(session.token()));
      for (const id of policy.operations) attempt(() => session.inputs(id));
    }
  }
  assert.ok(opened > 1000, `${opened} were opened`);
  assert.equal(answers(), before);
  assert.deepEqual([{}.lit, [].lit, Object.keys(Object.prototype)], [undefined, undefined, []]);
});

test("`openSigned` parses nothing before the signature is verified, and then refuses what is invalid", async () => {
  const { publicKey, privateKey } = await crypto.subtle.generateKey({ name: "Ed25519" }, false, ["sign", "verify"]);
  const good = new Uint8Array(await crypto.subtle.sign("Ed25519", privateKey, whole));
  let refused = 0;
  for (const pack of forgeries(42, 2000)) {
    const isSame = Buffer.compare(pack, whole) === 0;
    if (!isSame) await assert.rejects(openSigned(pack, good, publicKey), InvalidSignatureError);
    // A publisher who signs what others gave it: the content is still checked
    const signature = new Uint8Array(await crypto.subtle.sign("Ed25519", privateKey, pack));
    const opened = await openSigned(pack, signature, publicKey).catch((error) => error);
    if (opened instanceof Error) {
      assert.equal(opened.code, "invalid-pack");
      refused++;
    } else attempt(() => opened.session().menu());
  }
  assert.ok(refused > 200, `${refused} were refused`);
  assert.equal(answers(), before);
});

test("a guard, and its cache of opened packs", async () => {
  const options = { keys: keys.publicKey, issuer: ISSUER, audience: AUDIENCE, algorithms: ["EdDSA"], onProblem() {} };
  const request = async (session) =>
    new Request("https://api.test/", { headers: { authorization: `Bearer ${await sign(claims(issue(session)))}` } });
  let list;
  const guarded = guard({ ...options, policies: () => list });
  const known = await request(honest.session(somebody));
  const allowed = honest.session(somebody).allowed()[0];
  const counts = { unavailable: 0, decided: 0 };
  for (const pack of forgeries(43, 2000)) {
    const { value: policy } = attempt(() => open(pack));
    list = [pack];
    const asks = [known, policy && (await request(policy.session())), known];
    for (const ask of asks.filter(Boolean)) {
      const error = await guarded.session(ask).then(
        () => undefined,
        (error) => error,
      );
      if (error && !(error instanceof ProblemError)) throw error;
      if (!policy) assert.deepEqual([error.status, error.code], [503, "policies-unavailable"]);
      if (error) counts.unavailable++;
      else counts.decided++;
    }
    // Behind an honest policy a pack decides nothing that the honest one decides, or nothing is decided at all
    list = [contact, pack];
    const session = await guarded.require(known, allowed).catch((error) => error);
    if (policy) assert.equal(session.policy.fingerprint, honest.fingerprint);
    else assert.equal(session.code, "policies-unavailable");
  }
  assert.ok(counts.unavailable > 500 && counts.decided > 500, JSON.stringify(counts));
  list = [contact];
  assert.ok((await guarded.require(known, allowed)).can(allowed));
  assert.equal(answers(), before);
});

test("the studio: a pack whose document does not compile to it is refused for every question", async () => {
  let opened = 0;
  let same = 0;
  for (const pack of forgeries(44, 2500)) {
    const { value: policy } = attempt(() => open(pack));
    if (!policy) continue;
    opened++;
    const isWhole = Buffer.compare(pack, whole) === 0;
    same += isWhole;
    const session = attempt(() => policy.session()).value;
    const [first] = policy.operations;
    const questions = [
      () => tools.describe(policy),
      () => tools.population(policy, [{}, { roles: policy.roles }]).counts(),
      () => tools.leastPrivilege(policy, [first]),
      () => tools.impact(policy, { operation: first }),
      () => tools.compare(policy, honest),
      () => tools.compare(honest, policy),
      () => tools.review(policy, { actor: session, before: {}, after: {} }),
      ...(session
        ? [
            () => tools.explain(session, first),
            () => tools.fixes(session, first),
            () => tools.preview(session, {}),
            () => tools.dormant(session),
            () => tools.residual(session, first),
            () => tools.guide(session, "guide"),
          ]
        : []),
    ];
    for (const ask of questions) {
      const { code } = attempt(ask);
      if (!isWhole) assert.ok(["invalid-pack", "invalid-subject"].includes(code), `${code}: ${ask}`);
    }
  }
  assert.ok(opened - same > 500, `${opened} were opened`);
  assert.equal(answers(), before);
  assert.equal(await studio(), tools);
});

test("a decision point for AuthZEN", async () => {
  for (const pack of forgeries(45, 1000)) {
    const { value: policy } = attempt(() => open(pack));
    if (!policy) continue;
    const handler = authzen({
      policy,
      subject: () => ({ roles: policy.roles }),
      resource: () => ({}),
      action: ({ name }) => name,
      search: { action: { room: policy.operations } },
      onProblem(error) {
        if (!(error instanceof PrivetError)) throw error;
      },
    });
    const body = JSON.stringify({ subject: { type: "user", id: "x" }, resource: { type: "room", id: "1" } });
    const response = await handler(
      new Request("https://pdp.example/access/v1/search/action", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
      }),
    );
    assert.ok([200, 500].includes(response.status));
  }
  assert.equal(answers(), before);
});

/** Distinct short ids. */
const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const idOf = (number) => (number < 62 ? "" : idOf(Math.floor(number / 62) - 1)) + letters[number % 62];
const many = (count, of) => Array.from({ length: count }, (_, number) => of(idOf(number), number));
const options = many(256, (id) => id);

/** Packs that are as small as they can be for what a host builds of them. */
const dense = {
  facts: () => ({ facts: many(20_000, (id) => ({ id, kind: KIND.switch })) }),
  "facts with options": () => ({ facts: many(500, (id) => ({ id, kind: KIND.choice, names: options })) }),
  flags: () => ({ privileges: many(20_000, (id) => ({ id, kind: KIND.flag })) }),
  choices: () => ({ privileges: many(20_000, (id) => ({ id, kind: KIND.choice, names: ["a"], a: 1 })) }),
  numbers: () => ({
    privileges: many(20_000, (id) => ({ id, kind: KIND.number, comparisons: [0, 0], b: 0xffffffff })),
  }),
  roles: () => ({ roles: many(20_000, (id) => ({ id, kind: KIND.role })) }),
  operations: () => ({ operations: many(30_000, (id) => ({ id })) }),
  obligations: () => ({ operations: [{ id: "a", obligations: many(65_000, (id) => id) }] }),
  menu: () => ({ menu: many(65_000, (id) => ({ id })) }),
  "menu in chains": () => ({ menu: many(65_000, (id, at) => ({ id, ...(at % 64 > 0 && { parent: at - 1 }) })) }),
  "menu with operations": () => ({
    menu: many(20_000, (id) => ({ id })),
    operations: many(20_000, (id, at) => ({ id, items: [at] })),
  }),
  "menu with data": () => ({ menu: many(40_000, (id) => ({ id, meta: "[]" })) }),
  "data of lists": () => ({ menu: [{ id: "a", meta: `[${"[],".repeat(200_000)}[]]` }] }),
  "data of objects": () => ({ menu: [{ id: "a", meta: `[${"{},".repeat(200_000)}{}]` }] }),
  "nested data": () => ({ menu: [{ id: "a", meta: "[".repeat(100_000) + "]".repeat(100_000) }] }),
  guides: () => ({ guides: many(65_000, (id) => id) }),
  renamed: () => ({
    facts: [{ id: "zz-z", kind: KIND.switch }],
    renamed: many(60_000, (id) => [id, "zz-z"]).sort(([a], [b]) => (a < b ? -1 : 1)),
  }),
  instructions: () => ({ instructions: Array(200_000).fill(0) }),
  title: () => ({ title: "x".repeat(500_000) }),
};

/** What docs/security.md promises: the multiple of a pack's length, and the bytes besides. */
const MULTIPLE = 64;
const BESIDES = 2 << 20;
/** The heap of a worker that imports the package and opens nothing, in MiB. */
const IDLE = 6;

const worker = `
import { parentPort, workerData } from "node:worker_threads";
const memories = [];
const { Instance } = WebAssembly;
WebAssembly.Instance = class extends Instance {
  constructor(module) {
    super(module);
    memories.push(this.exports.memory);
  }
};
const { open } = await import(workerData.entry);
const policy = open(workerData.pack);
const session = policy.session({ roles: policy.roles });
session.menu();
session.allowed();
session.snapshot();
policy.restore(session.token());
parentPort.postMessage(memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0));
`;

/** The bytes of WebAssembly for opening a pack and using a session; `undefined` if a heap of `megabytes` is not enough. */
const used = (pack, megabytes, entry) =>
  new Promise((resolve, reject) => {
    let bytes;
    const running = new Worker(new URL(`data:text/javascript,${encodeURIComponent(worker)}`), {
      workerData: { pack, entry },
      resourceLimits: { maxOldGenerationSizeMb: megabytes, maxYoungGenerationSizeMb: 2 },
    });
    running.on("message", (message) => {
      bytes = message;
    });
    running.on("error", (error) => error.code === "ERR_WORKER_OUT_OF_MEMORY" || reject(error));
    running.on("exit", () => resolve(bytes));
  });

test("opening a pack and a session with its menu take at most the documented multiple of the pack's length", async () => {
  const { createRequire } = await import("node:module");
  const { join } = await import("node:path");
  const { pathToFileURL } = await import("node:url");
  const entry = pathToFileURL(createRequire(join(process.env.PRIVET_INSTALLED, "x.js")).resolve("privet")).href;
  for (const [name, parts] of Object.entries(dense)) {
    const pack = assemble(parts());
    const wasm = await used(pack, 1000, entry);
    // The heap gets what the two copies of the pack and WebAssembly leave
    const heap = (MULTIPLE * pack.length + BESIDES - 2 * pack.length - wasm) / 2 ** 20;
    const enough = await used(pack, Math.floor(IDLE + heap), entry);
    assert.equal(enough, wasm, `${name}: a heap of ${heap} MiB is not enough for ${pack.length} bytes`);
  }
});

test("a pack is opened in time that follows its length", () => {
  const start = performance.now();
  let bytes = 0;
  for (const parts of Object.values(dense)) {
    const pack = assemble(parts());
    bytes += pack.length;
    open(pack).session().menu();
  }
  assert.ok(bytes > 10_000_000);
  assert.ok(performance.now() - start < 30_000);
});

test("data of a menu that is nested deeply is copied, frozen and written without an error of the runtime", () => {
  const depth = 400_000;
  const policy = open(assemble({ menu: [{ id: "a", meta: "[".repeat(depth) + "]".repeat(depth) }] }));
  const session = policy.session();
  assert.equal(session.menu().length, 1);
  const { value: snapshot, code } = attempt(() => session.snapshot());
  if (snapshot) attempt(() => read(snapshot).menu());
  else assert.ok(code);
});
