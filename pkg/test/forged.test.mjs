// Forged packs with a valid checksum: refused when they are opened, or confined. What they decide is what they say.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./support/package.mjs";
import { random } from "./support/random.mjs";

const { open, PrivetError } = await load("privet");
const { read } = await load("privet/read");
const { pack: contact } = await load("privet/policies/contact");
const tools = await (await load("privet/studio")).studio();
const options = (...ids) => ids.map((id) => ({ id, label: id }));

/** A policy with every kind of entry, a conflict, role numbers, a `when`, an obligation and a nested menu; without its document. */
const whole = (() => {
  const pack = tools.compile({
    format: 1,
    id: "forged",
    title: "Forged",
    version: "1",
    verbs: options("add", "edit"),
    facts: [
      { id: "lit", kind: "switch", label: "Lit", absent: false },
      { id: "seats", kind: "number", label: "Seats" },
      { id: "place", kind: "choice", label: "Place", options: options("here", "away") },
    ],
    privileges: [
      { id: "key", kind: "flag", label: "Key" },
      { id: "users", kind: "level", label: "Users", levels: options("see", "edit") },
      { id: "doors", kind: "set", label: "Doors", options: options("front", "back") },
      { id: "region", kind: "choice", label: "Region", options: options("eu", "us") },
      { id: "limit", kind: "number", label: "Limit", min: 0, max: 60, requires: "key" },
    ],
    roles: [
      {
        id: "clerk",
        label: "Clerk",
        grants: { key: true, region: "eu", limit: 7 },
        when: "place = here and seats > 2",
      },
      { id: "guard", label: "Guard", grants: { region: "us", doors: ["front"], limit: 9 } },
    ],
    menu: [...options("home"), { id: "rooms", label: "Rooms", parent: "home" }],
    operations: [
      {
        id: "rooms.edit",
        label: "Edit",
        menu: ["rooms", "home"],
        verbs: ["edit"],
        requires: "key and users >= edit or doors = front and limit > 8",
        obligations: [{ id: "report", label: "Report", when: "not region = us" }],
      },
      { id: "rooms.see", label: "See", menu: ["rooms"], requires: "allowed(rooms.edit) or lit or seats > 1" },
    ],
    allow: [],
  });
  const document = new DataView(pack.buffer, pack.byteOffset).getUint32(17, true);
  const body = pack.slice(0, -4 - document);
  new DataView(body.buffer).setUint32(17, 0, true);
  return withChecksum(body);
})();
const header = new DataView(whole.slice().buffer);
const [length, size] = [header.getUint32(5, true), header.getUint32(9, true)];
const NAMES = JSON.parse(new TextDecoder().decode(whole.subarray(21, 21 + length)));

/** The pack with other names and a valid checksum. `change` changes the names, or returns another text. */
function forge(change) {
  const names = structuredClone(NAMES);
  const text = new TextEncoder().encode(change(names) ?? JSON.stringify(names));
  const body = Uint8Array.of(...whole.subarray(0, 21), ...text, ...whole.subarray(21 + length, -4));
  new DataView(body.buffer).setUint32(5, text.length, true);
  return withChecksum(body);
}

function withChecksum(body) {
  const sum = crc32(body);
  return Uint8Array.of(...body, sum, sum >>> 8, sum >>> 16, sum >>> 24);
}

function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc;
}

test("a pack with a valid checksum and invalid names is refused", () => {
  assert.deepEqual(
    forge(() => undefined),
    new Uint8Array(whole),
    "without a change it is the same pack",
  );
  const changes = [
    () => "{",
    () => "null",
    () => "[]",
    (names) => ` ${JSON.stringify(names)}`,
    (names) => `\ufeff${JSON.stringify(names)}`,
    (names) => JSON.stringify(names).replace('"key"', '"\\u006bey"'),
    (names) => JSON.stringify(names).replace('"id":', '"id":"y","id":'),
    (names) => JSON.stringify({ ...names, more: [] }),
    (names) => JSON.stringify({ __proto__: null, ...names }).replace("{", '{"__proto__":[],'),
    (names) => JSON.stringify(Object.fromEntries(Object.entries(names).reverse())),
    ...Object.keys(NAMES).flatMap((key) => [
      (names) => void delete names[key],
      (names) => {
        names[key] = null;
      },
      (names) => {
        names[key] = 5;
      },
      (names) => {
        names[key] = {};
      },
      (names) => {
        names[key] = [[1]];
      },
      (names) => {
        names[key] = [null];
      },
    ]),
    (names) => {
      names.id = "Not an id";
    },
    (names) => {
      names.title = "\ud800";
    },
    (names) => {
      names.fingerprint = names.fingerprint.toUpperCase();
    },
    (names) => void names.privileges.pop(),
    (names) => void names.privileges.push(["more"]),
    (names) => void names.privileges[0].push("level"),
    (names) => void names.privileges[1].pop(),
    (names) => {
      names.privileges[1][1] = names.privileges[1][2];
    },
    (names) => void names.menu[0].pop(),
    (names) => {
      names.menu[0][1] = "\udfff";
    },
    (names) => {
      names.privileges[0][0] = names.privileges[1][0];
    },
    (names) => {
      names.privileges[0][0] = 7;
    },
    (names) => {
      names.privileges[0] = [];
    },
    (names) => {
      names.operations[0][0] = "p".repeat(129);
    },
    (names) => void names.operations[0].push("owed"),
    (names) => void names.guides.push(["a", "b"]),
  ];
  for (const change of changes)
    assert.throws(() => open(forge(change)), { name: "InvalidPackError", code: "invalid-pack" }, String(change));
});

/** Everything that a session answers, whatever it is. Only errors of Privet may be thrown. */
function useAll(policy) {
  const attempt = (call) => {
    try {
      return call();
    } catch (error) {
      if (!(error instanceof PrivetError) || error.code === "load-failed") throw error;
    }
  };
  const subjects = [
    {},
    { grants: Object.fromEntries(policy.privileges.map((id) => [id, true])) },
    { roles: policy.roles },
    { roles: [{}, ...policy.privileges.map((id) => ({ [id]: 1 }))].slice(0, 3) },
  ];
  for (const subject of subjects) {
    const session = attempt(() => policy.session(subject));
    if (!session) continue;
    session.menu();
    session.allowed();
    attempt(() => policy.restore(session.token()));
    policy.session(session.subject());
    read(session.snapshot());
    for (const id of policy.privileges) {
      session.holds(id);
      attempt(() => session.with({ set: { [id]: null } }));
    }
    for (const id of policy.operations) {
      session.decide(id);
      attempt(() => policy.session(session.inputs(id)));
    }
    for (const id of policy.menu) session.verbs(id);
  }
}

test("a role that grants a value twice is named once", () => {
  const body = whole.slice(0, -4);
  const words = new DataView(body.buffer, 21 + length);
  const [facts, privileges] = [0, 4].map((at) => words.getUint32(at, true));
  // The grants of `guard`: each a privilege and a value. Its third one becomes its second
  const grants = words.getUint32(68 + 40 * (facts + privileges + 1) + 32, true);
  const doors = NAMES.privileges.findIndex(([id]) => id === "doors");
  const pairs = [0, 1, 2].map((at) => words.getUint32(grants + 8 * at, true));
  const [from, to] = [pairs.indexOf(doors), (pairs.indexOf(doors) + 1) % 3];
  for (const at of [0, 4]) words.setUint32(grants + 8 * to + at, words.getUint32(grants + 8 * from + at, true), true);
  const held = open(withChecksum(body))
    .session({ roles: ["guard"] })
    .holds("doors");
  assert.deepEqual(held.from, { front: [{ by: "role", role: "guard" }] });
});

test("forged packs with a valid checksum are refused, or decide without any other error", () => {
  const other = open(contact).session({ grants: { "file-upload": true } });
  const expected = [other.allowed(), other.token()];
  const { below: next } = random(30_000);
  const counts = { refused: 0, opened: 0 };
  for (let round = 0; round < 30_000; round++) {
    const body = whole.slice(0, -4);
    for (let change = next(3); change >= 0; change--) {
      const isWord = next(3) > 0;
      const at = isWord ? 21 + length + 4 * next(size >> 2) : next(21 + length + size);
      const value = [next(256), next(4), 255, body[21 + next(length + size)]][next(4)];
      body[at] = value;
      if (isWord && next(4) === 0) body.fill([0, 255][next(2)], at, at + 4);
    }
    let policy;
    try {
      policy = open(withChecksum(body));
    } catch (error) {
      assert.equal(error.code, "invalid-pack");
      counts.refused++;
      continue;
    }
    counts.opened++;
    useAll(policy);
  }
  assert.ok(counts.opened > 1_000 && counts.refused > 1_000, JSON.stringify(counts));
  assert.deepEqual([other.with({}).allowed(), other.token()], expected, "another policy is not affected");
});
