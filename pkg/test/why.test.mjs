// `privet/why` names the reasons that `explain` names, for the built-in policies and for random ones (the policies of
// tests/it/model/core_cases.rs). `PRIVET_WHY_QUESTIONS` sets how many questions are compared.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { load } from "./support/package.mjs";
import { builtIn, privet, tools } from "./support/policies.mjs";
import { random } from "./support/random.mjs";

const { ReasonsError, why } = await load("privet/why");
const { studio } = await load("privet/studio");
const { open } = privet;
const QUESTIONS = Number(process.env.PRIVET_WHY_QUESTIONS ?? 20_000);
const file = process.env.PRIVET_CORE_CASES ?? new URL("../../target/tmp/core-cases.jsonl", import.meta.url);

/** The lengths of a pack's names, program, reasons and document, and the places of the last two. */
function sections(pack) {
  const view = new DataView(pack.buffer, pack.byteOffset);
  const [names, program, reasons, document] = [5, 9, 13, 17].map((at) => view.getUint32(at, true));
  const at = 21 + names + program;
  return { reasons: pack.subarray(at, at + reasons), document: pack.subarray(at + reasons, at + reasons + document) };
}

/** The random policies, compiled with reasons. */
const drawn = () =>
  readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .slice(3) // the built-in policies
    .map((line) =>
      open(tools.compile(new TextDecoder().decode(sections(Buffer.from(JSON.parse(line).pack, "hex")).document))),
    );

/** A random subject: roles, inline roles, own grants and facts, of which some are unknown. */
function subjectOf({ facts, privileges, roles }, { below, chance, pick }) {
  const value = ({ kind, levels, options, min = 0, max = 60 }) => {
    if (kind === "flag") return true;
    if (kind === "switch") return chance(0.5);
    if (kind === "level") return pick(levels).id;
    if (kind === "choice") return pick(options).id;
    if (kind === "set") return options.filter(() => chance(0.5)).map(({ id }) => id);
    return min + below(Math.min(max - min, 100) + 1);
  };
  const share = pick([0.05, 0.3, 0.6, 0.95]);
  const some = (list, share) => Object.fromEntries(list.filter(() => chance(share)).map((it) => [it.id, value(it)]));
  const inline = chance(0.3)
    ? [chance(0.5) ? some(privileges, share) : { name: "Night", grants: some(privileges, share) }]
    : [];
  return {
    roles: [...roles.filter(() => chance(0.3)).map(({ id }) => id), ...inline],
    grants: some(privileges, share),
    facts: some(facts, 0.75),
  };
}

/** What both name: `explain` has words for why a grant is dormant besides, `why` ids of roles and which reasons are facts. */
const named = (reasons) =>
  reasons.map(({ code, id, label, needed, held, alternative, place, through }) => [
    ...[code, id, label, needed, held, alternative, place],
    through && [...new Set(through.map(({ label }) => label))],
  ]);

/** Asks both about an operation. */
function ask(session, operation, subject) {
  const explained = tools.explain(session, operation);
  const found = why(session, operation);
  const about = `${operation} for ${JSON.stringify(subject)}`;
  assert.equal(found.decision, explained.decision, about);
  assert.deepEqual(named(found.reasons), named(explained.args.reasons), about);
  return { explained, found };
}

/** Compares all operations of a policy for random subjects, until so many questions are asked. */
function compare(policies, count, seed) {
  const draw = random(seed);
  const asked = { allowed: 0, denied: 0, undecided: 0, alternatives: 0, dormant: 0, through: 0 };
  const described = policies.map((policy) => [policy, tools.describe(policy)]);
  for (let left = count; left > 0; ) {
    for (const [policy, description] of described) {
      const subject = subjectOf(description, draw);
      let session;
      try {
        session = policy.session(subject);
      } catch (error) {
        assert.equal(error.code, "conflicting-choice");
        continue;
      }
      for (const operation of policy.operations) {
        left--;
        const { explained, found } = ask(session, operation, subject);
        asked[found.decision]++;
        asked.alternatives += +found.reasons.some(({ alternative }) => alternative);
        asked.dormant += +found.reasons.some(({ code }) => code === "dormant");
        asked.through += +found.reasons.some(({ through }) => through);
        if (found.reasons[0] && explained.args.reasons.length === 1 && found.reasons[0].code !== "dormant")
          assert.match(found.sentence, /\.$/);
      }
    }
  }
  return asked;
}

test("why names the reasons of explain: built-in policies", (context) => {
  const asked = compare(Object.values(builtIn), QUESTIONS / 2, 1);
  context.diagnostic(JSON.stringify(asked));
  for (const [what, count] of Object.entries(asked)) assert.ok(count > 5, what);
});

/** The assignments of what each operation reads, of which tests/it/enumeration.rs writes a sample, or all with PRIVET_ENUMERATE=all. */
test("why names the reasons of explain: enumerated assignments of the built-in policies", (context) => {
  const asked = { allowed: 0, denied: 0, undecided: 0 };
  const lines = readFileSync(new URL("../../target/tmp/enumerated.jsonl", import.meta.url), "utf8")
    .trimEnd()
    .split("\n");
  for (const line of lines) {
    const { policy, operation, subject } = JSON.parse(line);
    const { found } = ask(builtIn[policy].session(subject), operation, subject);
    asked[found.decision]++;
  }
  context.diagnostic(JSON.stringify(asked));
  for (const [what, count] of Object.entries(asked)) assert.ok(count > 50, what);
});

test("why names the reasons of explain: random policies", (context) => {
  const asked = compare(drawn(), QUESTIONS / 2, 2);
  context.diagnostic(JSON.stringify(asked));
  for (const [what, count] of Object.entries(asked)) assert.ok(count > 5, what);
});

const options = (...ids) => ids.map((id) => ({ id, label: id.toUpperCase() }));
const document = {
  format: 1,
  id: "shop",
  title: "Shop",
  version: "1",
  facts: [
    { id: "open", kind: "switch", label: "Open", where: "Settings" },
    { id: "busy", kind: "switch", label: "Shop is busy" },
  ],
  conditions: [{ id: "quiet", label: "Quiet hours", requires: "open and not busy" }],
  privileges: [
    { id: "orders", kind: "level", label: "Orders", levels: options("view", "edit") },
    { id: "refund", kind: "flag", label: "Refund", requires: "orders >= edit" },
    { id: "limit", kind: "number", label: "Limit", min: 0, max: 100 },
    { id: "shops", kind: "set", label: "Shops", options: options("north", "south") },
  ],
  roles: [{ id: "clerk", label: "Clerk", grants: { orders: "view", shops: ["north"] }, when: "open" }],
  operations: [
    { id: "list", label: "List", requires: "orders >= view" },
    { id: "refund", label: "Refund orders", requires: "refund and limit >= 10" },
    { id: "close", label: "Close", requires: "quiet and allowed(list)" },
    { id: "pick", label: "Pick", requires: "shops = south or limit is set" },
    { id: "help", label: "Help", requires: "true" },
    { id: "never", label: "Never", requires: "false" },
  ],
};

test("one cause in words", () => {
  const policy = open(tools.compile(document));
  const said = (subject, operation) => why(policy.session(subject), operation).sentence;
  assert.equal(said({}, "refund"), "Refund is not granted.");
  assert.equal(
    said({ grants: { refund: true }, facts: { open: false } }, "refund"),
    "Refund is granted but has no effect while Orders is not granted (EDIT is needed).",
  );
  const clerk = { grants: { refund: true }, facts: { open: true } };
  assert.equal(said(clerk, "refund"), "Refund is granted but has no effect while Orders is VIEW, not EDIT.");
  assert.equal(said(clerk, "list"), "Orders is VIEW, through Clerk.");
  assert.equal(said({ facts: { open: false } }, "close"), "Orders is not granted (VIEW or above is needed).");
  assert.equal(said({ grants: { orders: "view" }, facts: { open: false } }, "close"), "Open is off (Settings).");
  assert.equal(said({ facts: { open: true, busy: true } }, "close"), "Shop is busy.");
  assert.equal(said({ facts: { open: true } }, "close"), "It is not known whether Shop is busy.");
  assert.equal(said({}, "help"), "Help: allowed to everyone.");
  assert.equal(said({}, "never"), "Never: denied to everyone.");
  assert.throws(() => said({}, "refnud"), { code: "unknown-id", id: "refnud" });
});

test("what is missing: ids, values, roles, alternatives, facts of the system", () => {
  const policy = open(tools.compile(document));
  const clerk = policy.session({ facts: { open: true, busy: true }, roles: [{ name: "Night", grants: { limit: 5 } }] });
  assert.deepEqual(why(clerk, "list").reasons, [
    {
      ...{ code: "value", id: "orders", label: "Orders", needed: "VIEW or above", held: "VIEW" },
      through: [{ by: "role", role: "clerk", facts: ["open"], label: "Clerk" }],
      text: "Orders is VIEW, through Clerk",
    },
  ]);
  const [refund, limit] = why(clerk, "refund").reasons;
  assert.deepEqual([refund.code, refund.id], ["not-granted", "refund"]);
  assert.deepEqual(
    [limit.code, limit.needed, limit.held, limit.text],
    ["too-low", "10 or more", "5", "Limit is 5, not 10 or more"],
  );
  assert.deepEqual(why(clerk, "close").reasons, [
    { code: "on", id: "busy", label: "Shop is busy", needed: "on", held: "on", system: true, text: "Shop is busy" },
  ]);
  assert.deepEqual(
    why(policy.session(), "pick").reasons.map(({ id, alternative }) => [id, alternative]),
    [
      ["shops", 1],
      ["limit", 1],
    ],
  );
});

test("the words are those of the studio that compiled the pack", async () => {
  const { messages } = await load("privet/messages/de");
  const german = await studio({ messages, labels: { privileges: { refund: "Erstatten" } } });
  const policy = open(german.compile(document, { reasons: "localized" }));
  assert.deepEqual(german.compile(document), tools.compile(document));
  assert.equal(why(policy.session(), "refund").sentence, "„Erstatten“ ist nicht erteilt.");
  assert.equal(policy.fingerprint, open(tools.compile(document)).fingerprint);
  assert.equal(tools.explain(policy.session(), "refund").decision, "denied"); // any studio opens it
  assert.throws(
    () => german.compile({ format: 1, id: "other", title: "Other", version: "1" }, { reasons: "localized" }),
    {
      code: "invalid-options",
    },
  );
});

test("a pack without reasons", () => {
  const pack = tools.compile(document, { reasons: false });
  assert.equal(sections(pack).reasons.length, 0);
  const session = open(pack).session();
  assert.throws(
    () => why(session, "list"),
    (error) => error instanceof ReasonsError && error.code === "reasons-missing",
  );
  assert.equal(session.decide("list").decision, "undecided");
  assert.equal(tools.explain(session, "list").decision, "undecided");
});

/** The CRC-32 of zip and PNG. */
const crc = (bytes) => {
  let sum = -1;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (0xedb88320 & -(sum & 1));
  }
  return ~sum >>> 0;
};

/** A pack with other reasons, and a valid checksum. */
function forge(pack, reasons) {
  const { reasons: old, document } = sections(pack);
  const bytes = Buffer.from(typeof reasons === "string" ? reasons : JSON.stringify(reasons));
  const head = Buffer.from(pack.subarray(0, pack.length - 4 - document.length - old.length));
  head.writeUInt32LE(bytes.length, 13);
  const body = Buffer.concat([head, bytes, document]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(crc(body));
  return Buffer.concat([body, sum]);
}

const reasonsOf = (pack) => JSON.parse(new TextDecoder().decode(sections(pack).reasons));

test("forged reasons are refused or named, and the decision stands", () => {
  const pack = tools.compile(document);
  const section = reasonsOf(pack);
  const subject = { grants: { refund: true }, facts: { open: true } };
  const is = (reasons) => {
    const session = open(forge(pack, reasons)).session(subject);
    return section.trees.slice(0, document.operations.length).map((_, index) => {
      const { id } = document.operations[index];
      const { decision } = session.decide(id);
      try {
        const found = why(session, id);
        assert.equal(found.decision, decision);
        return found;
      } catch (error) {
        assert.ok(error instanceof ReasonsError, error.stack);
        assert.equal(error.code, "reasons-invalid");
        return undefined;
      }
    });
  };
  assert.ok(is(section).every(Boolean));
  for (const text of [
    "",
    "null",
    "[]",
    "{}",
    "{",
    '"x"',
    "1e999",
    `${"[".repeat(1e5)}`,
    JSON.stringify({ ...section, version: 2 }),
  ])
    if (text) assert.deepEqual(is(text).filter(Boolean), [], text.slice(0, 20));
  for (const key of Object.keys(section))
    for (const value of [null, 0, [], {}, "x", [[]], [[[]]], [1e9], [-1], [0.5]]) is({ ...section, [key]: value });
  // A cycle, a tree that doubles at each level, and one that is too deep
  const cycle = {
    ...section,
    trees: section.trees.map(() => [1, 0, 0]),
    tests: section.tests.map(([, ...rest]) => [9, ...rest]),
  };
  is(cycle);
  let twice = 0;
  for (let level = 0; level < 26; level++) twice = [0, twice, twice];
  const doubled = JSON.stringify({ ...section, trees: "TREES" });
  const shared = (depth) => (depth === 0 ? "0" : `[0,${shared(depth - 1)},${shared(depth - 1)}]`);
  is(doubled.replace('"TREES"', `[${Array.from(section.trees, () => shared(12)).join()}]`));
  is(
    doubled.replace(
      '"TREES"',
      `[${Array.from(section.trees, () => `${"[0,".repeat(2e4)}0${"]".repeat(2e4)}`).join()}]`,
    ),
  );
  // Requirements of other operations: another verdict is refused
  const swapped = is({ ...section, trees: [...section.trees].reverse() });
  assert.ok(swapped.some((found) => !found));
});

test("every change of one value of the section is refused or named", () => {
  const pack = tools.compile(document);
  const text = JSON.stringify(reasonsOf(pack));
  const draw = random(7);
  for (let round = 0; round < 300; round++) {
    const numbers = [...text.matchAll(/(?<=[[,])\d+(?=[\],])/g)];
    const { index, 0: old } = draw.pick(numbers);
    const changed =
      text.slice(0, index) +
      draw.pick(["-1", "0", "1", "7", "99", "4294967295", "0.5", "null", '"x"', "[]"]) +
      text.slice(index + old.length);
    const session = open(forge(pack, changed)).session({ roles: ["clerk"], facts: { busy: true } });
    for (const { id } of document.operations) {
      try {
        const { reasons, sentence } = why(session, id);
        assert.equal(typeof sentence, "string");
        for (const { code, id, label, needed, held } of reasons)
          for (const part of [code, id, label, needed, held]) assert.equal(typeof part, "string", changed);
      } catch (error) {
        assert.ok(error instanceof ReasonsError, `${error.stack}\n${changed}`);
      }
    }
  }
});

test("snapshots and pages carry reasons", async () => {
  const { read } = await load("privet/read");
  const { dehydrate, embed, hydrate, reasonsOf: carried } = await load("privet/ssr");
  const policy = open(tools.compile(document));
  const session = policy.session({ grants: { orders: "view" }, facts: { open: true } });
  const refund = why(session, "refund");
  const reading = read(session.snapshot({ why }));
  assert.deepEqual(reading.why("refund"), refund);
  assert.equal(reading.why("list"), undefined); // it is allowed
  assert.deepEqual([reading.can("list"), reading.fingerprint], [true, policy.fingerprint]);
  assert.throws(() => reading.why("refnud"), { code: "unknown-id" });
  assert.equal(read(session.snapshot()).why("refund"), undefined);
  assert.deepEqual(read(session.snapshot({ why, operations: ["list"] })).why("list"), why(session, "list"));
  assert.throws(() => session.snapshot({ why, operations: ["refnud"] }), { code: "unknown-id" });
  const text = session.snapshot({ why });
  for (const wrong of [
    text.replace('"privet",2', '"privet",1'),
    text.replace('"denied"', '"no"'),
    text.replace(/\]$/, ",1]"),
    text.replace('"sentence"', '"s"'),
  ])
    assert.throws(() => read(wrong), { code: "invalid-snapshot" });

  const html = embed(session, { why, operations: ["refund"], id: "shop" });
  const page = /^<script type="application\/json" id="shop">(.*)<\/script>$/.exec(html)[1];
  assert.deepEqual(carried(page), { refund });
  assert.deepEqual(hydrate(policy, page).decide("refund"), session.decide("refund"));
  assert.deepEqual(carried(dehydrate(session)), {});
  assert.deepEqual(Object.keys(carried(dehydrate(session, { why }))), ["refund", "close", "pick", "never"]);
});
