// Subjects, changes, tokens and packs that TypeScript would not accept: each is read once, or refused with a precise message.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./support/package.mjs";

const { open } = await load("privet");
const tools = await (await load("privet/studio")).studio();
const options = (...ids) => ids.map((id) => ({ id, label: id }));
const policy = open(
  tools.compile({
    format: 1,
    id: "odd",
    title: "Odd",
    version: "1",
    facts: [
      { id: "lit", kind: "switch", label: "Lit" },
      { id: "seats", kind: "number", label: "Seats" },
    ],
    privileges: [
      { id: "key", kind: "flag", label: "Key" },
      { id: "users", kind: "level", label: "Users", levels: options("see", "edit") },
      { id: "doors", kind: "set", label: "Doors", options: options("front", "back") },
      { id: "limit", kind: "number", label: "Limit", min: 0, max: 60 },
    ],
    roles: [{ id: "clerk", label: "Clerk", grants: { key: true } }],
    operations: [
      { id: "go", label: "Go", requires: "key or users >= edit or doors = front or limit >= 1 or lit or seats > 1" },
    ],
  }),
);
class Box {
  key = true;
}
const cyclicObject = {};
cyclicObject.key = cyclicObject;
const cyclicList = [];
cyclicList.push(cyclicList);
const sparse = (second) => Object.assign(Array(2), { 1: second });
const extra = Object.assign(["front"], { extra: 1 });
const boom = () => ({
  get key() {
    throw new RangeError("boom");
  },
});

const objects = "expected an object from ids to values";
const flag = (found) => `privilege \`key\` is a flag and cannot be ${found}; give \`true\` or \`false\``;
const limit = (found) => `privilege \`limit\` ${found}; give a whole number from 0 to 60`;
const seats = (found) => `fact \`seats\` ${found}; give a whole number from 0 to 4294967295`;
const doors = (found) => `privilege \`doors\` is a set and cannot be ${found}; give a list of \`front\` or \`back\``;
const object = (found) => `\`${found}\` is not an object; a subject can have \`roles\`, \`grants\` or \`facts\``;

const refused = [
  [{ grants: { limit: Number.NaN } }, "InvalidGrantError", limit("is a number and cannot be `NaN`")],
  [{ grants: { limit: 1e21 } }, "InvalidGrantError", limit("cannot be `1e+21`")],
  [{ grants: { limit: -Infinity } }, "InvalidGrantError", limit("cannot be `-Infinity`")],
  [{ grants: { limit: 5n } }, "InvalidGrantError", limit("cannot be `5`")],
  [{ facts: { seats: -5n } }, "InvalidFactError", seats("cannot be `-5`")],
  [{ facts: { seats: 0.5 } }, "InvalidFactError", seats("cannot be `0.5`")],
  [{ facts: { seats: 2 ** 32 } }, "InvalidFactError", seats("cannot be `4294967296`")],
  [{ facts: { seats: "5" } }, "InvalidFactError", seats("is a number and cannot be the text `5`")],
  [{ grants: { key: () => true } }, "InvalidGrantError", flag("`function`")],
  [{ grants: { key: Symbol("key") } }, "InvalidGrantError", flag("`symbol`")],
  [{ grants: { key: new Boolean(true) } }, "InvalidGrantError", flag("`{…}`")],
  [{ grants: { key: 1 } }, "InvalidGrantError", flag("the number `1`")],
  [{ grants: { key: null } }, "InvalidGrantError", flag("`null`")],
  [{ grants: cyclicObject }, "InvalidGrantError", flag("`{…}`")],
  [
    { grants: { users: new String("edit") } },
    "InvalidGrantError",
    "privilege `users` is a level and cannot be `{…}`; give `see` or `edit`",
  ],
  [
    { grants: { users: false } },
    "InvalidGrantError",
    "privilege `users` is a level and cannot be `false`; give `see` or `edit`",
  ],
  [{ grants: { users: "ed😀t" } }, "InvalidGrantError", "privilege `users` has no level `ed😀t`; did you mean `edit`?"],
  [
    { grants: { users: "\udc00edit" } },
    "InvalidGrantError",
    "privilege `users` has no level `\udc00edit`; did you mean `edit`?",
  ],
  [{ grants: { doors: cyclicList } }, "InvalidGrantError", doors("`[…]`")],
  [{ grants: { doors: sparse("front") } }, "InvalidGrantError", doors("`undefined`")],
  [{ grants: { doors: new Uint8Array(2) } }, "InvalidGrantError", doors("`{…}`")],
  [{ grants: { doors: "front" } }, "InvalidGrantError", doors("the text `front`")],
  [
    { grants: { doors: ["front", "front"] } },
    "InvalidGrantError",
    "duplicate option `front` for privilege `doors`; list it once",
  ],
  [{ grants: new Map([["key", true]]) }, "InvalidSubjectError", `\`grants\` holds \`{…}\`; ${objects}`],
  [{ grants: new Box() }, "InvalidSubjectError", `\`grants\` holds \`{…}\`; ${objects}`],
  [{ grants: Object.create({ key: true }) }, "InvalidSubjectError", `\`grants\` holds \`{…}\`; ${objects}`],
  [{ roles: { length: 1, 0: "clerk" } }, "InvalidSubjectError", "`roles` holds `{…}`; expected a list"],
  [
    { roles: sparse("clerk") },
    "InvalidSubjectError",
    "`roles` holds `undefined`; expected a role's id or an object of grants",
  ],
  [{ roles: [["clerk"]] }, "InvalidSubjectError", "`roles` holds `[…]`; expected a role's id or an object of grants"],
  [{ roles: Array(100_000).fill("clerk") }, "InvalidSubjectError", "duplicate `clerk` in `roles`; list it once"],
  [{ roles: Array(100_000).fill("clark") }, "UnknownIdError", "unknown role `clark` in `roles`; did you mean `clerk`?"],
  [
    { grants: { "\ud800": true } },
    "UnknownIdError",
    "unknown privilege `\ud800` in `grants`; the policy has no such privilege",
  ],
  [{ grants: { üsers: "edit" } }, "UnknownIdError", "unknown privilege `üsers` in `grants`; did you mean `users`?"],
  [
    { grants: { ["u".repeat(200)]: true } },
    "UnknownIdError",
    `unknown privilege \`${"u".repeat(200)}\` in \`grants\`; the policy has no such privilege`,
  ],
  [
    JSON.parse('{ "__proto__": { "grants": {} } }'),
    "InvalidSubjectError",
    "unknown key `__proto__` in a subject; a subject can have `roles`, `grants` or `facts`",
  ],
  [new Date(0), "InvalidSubjectError", object("{…}")],
  [() => 1, "InvalidSubjectError", object("function")],
  [null, "InvalidSubjectError", object("null")],
  [[], "InvalidSubjectError", object("[…]")],
];

test("invalid subjects are refused, and the message names the value", () => {
  for (const [subject, name, message] of refused) assert.throws(() => policy.session(subject), { name, message });
});

const read = [
  [{ grants: { limit: -0 } }, { roles: [], grants: { limit: 0 }, facts: {} }],
  [{ facts: { seats: 2 ** 32 - 1 } }, { roles: [], grants: {}, facts: { seats: 2 ** 32 - 1 } }],
  [{ grants: Object.assign(Object.create(null), { key: true }) }, { roles: [], grants: { key: true }, facts: {} }],
  [{ grants: Object.defineProperty({}, "key", { value: "hidden" }) }, { roles: [], grants: {}, facts: {} }],
  [{ grants: { [Symbol("key")]: true } }, { roles: [], grants: {}, facts: {} }],
  [{ grants: { doors: extra } }, { roles: [], grants: { doors: ["front"] }, facts: {} }],
  [
    { grants: { nothing: undefined }, facts: undefined },
    { roles: [], grants: {}, facts: {} },
  ],
  [{ grants: new Proxy({ key: true }, {}) }, { roles: [], grants: { key: true }, facts: {} }],
];

test("unusual but valid subjects are accepted", () => {
  for (const [subject, expected] of read) assert.deepEqual(policy.session(subject).subject(), expected);
  assert.ok(Object.is(policy.session({ grants: { limit: -0 } }).subject().grants.limit, 0));
});

test("each property is read once, so that a changing getter has no effect", () => {
  let reads = 0;
  const grants = {
    get users() {
      return ["see", "edit", "erase"][reads++];
    },
  };
  assert.deepEqual(
    policy
      .session({
        get grants() {
          return grants;
        },
      })
      .subject().grants,
    { users: "see" },
  );
  assert.equal(reads, 1);
});

test("an exception of a getter is passed on, and does not affect later sessions", () => {
  assert.throws(() => policy.session({ grants: boom() }), { name: "RangeError", message: "boom" });
  assert.throws(() => policy.session().with({ set: boom() }), { name: "RangeError", message: "boom" });
  assert.equal(policy.session({ roles: ["clerk"] }).can("go"), true);
});

test("evaluating another policy inside a getter does not affect the result", () => {
  const other = open(
    tools.compile({
      format: 1,
      id: "other",
      title: "Other",
      version: "1",
      privileges: [{ id: "x", kind: "flag", label: "X" }],
      operations: [{ id: "x", label: "X", requires: "x" }],
    }),
  );
  let inside;
  const grants = {
    get key() {
      inside = other.session({ grants: { x: true } });
      return inside.can("x");
    },
  };
  assert.equal(policy.session({ grants }).can("go"), true);
  assert.deepEqual([inside.can("x"), inside.with({ set: { x: null } }).can("x")], [true, false]);
});

test("a property that something has added to all objects is not a part of a subject or change", () => {
  const added = {
    roles: ["clerk"],
    grants: { key: true },
    facts: { lit: true },
    set: { key: true },
    add: ["clerk"],
    amend: [{ index: 0, set: { key: true } }],
    role: "clerk",
    name: "Clerk",
    value: true,
    until: 9,
    key: true,
    lit: true,
  };
  const answers = () =>
    [
      () => policy.session(),
      () => policy.session({}),
      () => policy.session({ roles: [], grants: {}, facts: {} }),
      () => policy.session({ roles: [{}] }),
      () => policy.session({ roles: [{ name: "Nobody" }] }),
      () => policy.session().with({}),
      () => policy.session().with({ set: {}, facts: {}, roles: {} }),
      () => policy.session({ roles: [{}] }).with({ roles: { amend: [{ index: 0 }] } }),
      () => policy.session().under({}),
    ].map((session) => session().decide("go").decision);
  const expected = answers();
  assert.equal(expected.includes("allowed"), false);
  for (const [key, value] of Object.entries(added)) {
    let actual;
    Object.defineProperty(Object.prototype, key, { value, enumerable: true, configurable: true, writable: true });
    try {
      actual = answers();
    } catch ({ code }) {
      actual = code;
    } finally {
      delete Object.prototype[key];
    }
    // An inline role without a name looks as if it had one, and is refused
    assert.deepEqual(actual, /^(name|grants|until)$/.test(key) ? "invalid-subject" : expected, key);
  }
});

test("invalid tokens of any length are refused", () => {
  const token = policy.session({ grants: { key: true } }).token();
  const wrong = [
    null,
    5,
    {},
    "A",
    "=".repeat(20),
    "A".repeat(100_000),
    ` ${token}`,
    `${token}=`,
    `${token}\n`,
    token.replace(/^./, "B"),
    token.slice(0, -1),
  ];
  for (const text of wrong)
    assert.throws(() => policy.restore(text), { name: "InvalidTokenError" }, String(text).slice(0, 40));
});

const whole = tools.compile({
  format: 1,
  id: "p",
  title: "P",
  version: "1",
  privileges: [
    { id: "a", kind: "flag", label: "A" },
    { id: "b", kind: "flag", label: "B" },
  ],
  operations: [{ id: "x", label: "X", requires: "a and b" }],
});
const refusedPack = (pack, message) =>
  assert.throws(() => open(pack), { name: "InvalidPackError", code: "invalid-pack", message });

test("a truncated, damaged or incompatible pack is refused, with the position", () => {
  const at = whole.length;
  const old = "not a pack of this release at byte 0; compile the policy again";
  const damaged = (length) => `pack is damaged or cut short at byte ${length}; load or compile it again`;
  for (const length of [0, 4]) refusedPack(whole.subarray(0, length), old);
  refusedPack(
    Uint8Array.from(whole, (byte, index) => (index === 4 ? 1 : byte)),
    old,
  );
  for (const length of [5, 13, 17, 52, at - 1]) refusedPack(whole.subarray(0, length), damaged(length));
  refusedPack(Uint8Array.of(...whole, 0), damaged(at + 1));
  for (let bit = 0; bit < 8; bit++) {
    for (const index of [5, 17, at >> 1, at - 5, at - 1]) {
      refusedPack(
        Uint8Array.from(whole, (byte, place) => (place === index ? byte ^ (1 << bit) : byte)),
        damaged(at),
      );
    }
  }
});
