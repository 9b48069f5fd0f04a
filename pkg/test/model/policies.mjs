// A world of a guard whose policies come from a store, while they are rolled over: see explore.mjs. The store has one stage after the other; requests carry
// tokens of two layouts. What must hold in every order:
// 1. No mix: a request is decided by the first policy for its token in one list, which the store had as a whole at one time.
// 2. None ruled out: a list whose signature, date or id is refused never decides, and a list that was replaced decides no request afterwards.
// 3. Fail closed: without a list, a request is refused.
// 4. Every request is answered.
import assert from "node:assert/strict";
import { claims, request } from "../support/issuer.mjs";
import { document, options, pack } from "../support/orders.mjs";
import { load } from "../support/package.mjs";
import { settle } from "./explore.mjs";

const { open } = await load("privet");
const { bundlePacks, guard, issue, policies, signPack, ProblemError } = await load("privet/edge");
const tools = await (await load("privet/studio")).studio();

const SECOND = 1000;
const MAX_AGE = 60;
const START = 1_900_000_000_000;
const { publicKey: key, privateKey } = await crypto.subtle.generateKey({ name: "Ed25519" }, false, ["sign", "verify"]);
const foreign = await crypto.subtle.generateKey({ name: "Ed25519" }, false, ["sign", "verify"]);

const OPERATION = "orders.refund";
const stricter = (requires) =>
  document.operations.map((operation) => (operation.id === OPERATION ? { ...operation, requires } : operation));
const compile = (more) => tools.compile({ ...document, ...more });
/** The same layout and a stricter rule; another layout, with the rule as it was; a policy that would allow everything. */
const strict = compile({ version: "2", operations: stricter("orders:refund and stock >= edit") });
const wider = compile({
  version: "3",
  privileges: [...document.privileges, { id: "new", kind: "flag", label: "New" }],
});
const open_ = compile({ version: "0", operations: stricter("true") });
const alien = compile({ id: "other", version: "9", operations: stricter("true") });

const opened = new Map([pack, strict, wider, open_].map((one) => [open(one).version, open(one)]));
const signed = async (pack, by = privateKey, issuedAt = START / 1000) => ({
  pack,
  signature: await signPack(pack, by, { issuedAt }),
});
const stages = [[pack], [strict], [wider, strict], [wider]];
const bodies = await Promise.all(
  stages.map(async (packs) => bundlePacks(await Promise.all(packs.map((one) => signed(one))))),
);
const versions = stages.map((packs) => packs.map((one) => open(one).version).join());
const BAD = {
  forged: bundlePacks([await signed(open_, foreign.privateKey)]),
  outdated: bundlePacks([await signed(open_, privateKey, START / 1000 - 1)]),
  "of another policy": bundlePacks([await signed(alien)]),
  mixed: bundlePacks([await signed(wider), await signed(open_, foreign.privateKey)]),
  unsigned: bundlePacks([{ pack: open_ }]),
  cut: bodies[0].slice(0, -40),
};

const grants = { "orders:refund": true };
const requests = {};
for (const [name, policy] of [
  ["old", opened.get("1")],
  ["new", opened.get("3")],
]) {
  const token = issue(policy.session({ grants }));
  requests[name] = { token: token.privet, request: await request(claims(token)) };
}
// The clock of the guard is the world's, so claims are dated by it
for (const one of Object.values(requests)) {
  const iat = START / 1000;
  one.request = await request({ ...claims({ privet: one.token }), iat, exp: iat + 10_000_000 });
}

/**
 * Makes worlds with these events:
 * `publish` (the store goes to the next stage), `break` and `attack` (it fails, or has something refused, until the next stage), `facts` (a hook
 * answers later), `slow` (time passes without timers, as in an isolate that was stopped, and answers come in any order).
 */
export function rollOver({
  tokens = Object.keys(requests),
  most = 3,
  last = stages.length - 1,
  loaded = true,
  attacks = [],
  breaks = 0,
  facts = false,
  slow = false,
}) {
  return async (time) => {
    let stage = 0;
    let bad;
    const spoiled = [];
    const reads = [];
    const hooks = [];
    const asked = [];
    /** The stages of the lists that requests were given, in their order. */
    let newest = -1;

    const source = () =>
      new Promise((resolve, reject) => {
        // The store answers with what it has when it is asked
        const [body, kind] = bad ? [BAD[bad], bad] : [bodies[stage], undefined];
        reads.push({ answer: () => (kind === "down" ? reject(new Error("down")) : resolve({ body })) });
      });
    const cache = policies(source, {
      maxAge: MAX_AGE,
      key,
      id: "orders",
      notBefore: START / 1000,
      clock: () => START + time.now,
      onProblem: () => {},
    });
    // A guard for each request, so that the list that it was given is known; the cache is one
    const guardOf = (one) =>
      guard({
        ...options,
        clock: () => START + time.now,
        policies: async () => {
          const list = await cache();
          one.list = list;
          return list;
        },
        ...(facts && { facts: () => new Promise((resolve) => hooks.push(() => resolve({}))) }),
      });
    const ask = (name) => {
      const one = { name, arrived: newest };
      asked.push(one);
      const over = (outcome) => {
        one.outcome = outcome;
      };
      guardOf(one)
        .require(requests[name].request, OPERATION)
        .then(
          () => over("allowed"),
          (error) => over(error instanceof ProblemError ? error.code : `failed: ${error.stack}`),
        );
    };
    const answer = (at) => {
      reads.splice(at, 1)[0].answer();
    };

    const publish = () => {
      stage++;
      bad = undefined;
    };
    const spoil = (kind) => {
      spoiled.push(kind);
      bad = kind;
    };

    const world = {
      events() {
        const events = [];
        if (stage < last) events.push(["publish", () => publish()]);
        if (!bad && spoiled.filter((one) => one === "down").length < breaks)
          events.push(["break", () => spoil("down")]);
        for (const name of attacks)
          if (!bad && !spoiled.includes(name)) events.push([`attack: ${name}`, () => spoil(name)]);
        if (asked.length < most)
          for (const name of tokens) events.push([`request with the ${name} token`, () => ask(name)]);
        if (reads.length > 0) events.push(["the oldest read is answered", () => answer(0)]);
        if (reads.length > 1) events.push(["the newest read is answered", () => answer(reads.length - 1)]);
        if (hooks.length > 0) events.push(["facts are answered", () => hooks.shift()()]);
        events.push(["a minute passes", () => time.pass(MAX_AGE * SECOND)]);
        if (slow) events.push(...time.stopped());
        return events;
      },
      check() {
        for (const one of asked) {
          if (!one.list || one.checked) continue;
          // 2: what a store had, and not what was replaced when the request came
          const at = versions.indexOf(one.list.map(({ version }) => version).join());
          assert.ok(at >= 0, `a list that the store never had as a whole: ${one.list.map(({ version }) => version)}`);
          assert.ok(at >= one.arrived, `stage ${at} decides after stage ${one.arrived} was in use`);
          newest = Math.max(newest, at);
          one.checked = true;
        }
        for (const one of asked) {
          if (one.outcome === undefined || one.compared) continue;
          one.compared = true;
          assert.ok(!one.outcome.startsWith("failed"), one.outcome);
          // 3: what had no time refuses
          if (one.outcome === "policies-unavailable" || one.outcome === "facts-unavailable") continue;
          assert.ok(one.list, "decided without policies");
          // 1: the first policy of the list for the token, and no other
          const { token } = requests[one.name];
          const policy = one.list.find(({ layout }) => token.startsWith(layout));
          const expected = policy
            ? opened.get(policy.version).restore(token, {}).decide(OPERATION).decision
            : "stale-token";
          assert.equal(one.outcome, expected);
        }
      },
      async finish() {
        for (let round = 0; asked.some(({ outcome }) => outcome === undefined); round++) {
          assert.ok(round < 20, "a request is never answered");
          while (reads.length > 0) answer(0);
          while (hooks.length > 0) hooks.shift()();
          await settle();
          world.check();
          if (time.waiting) time.fireNext();
          await settle();
        }
      },
      state: () =>
        JSON.stringify([
          stage,
          bad,
          reads.length,
          hooks.length,
          newest,
          asked.map(({ name, outcome, list }) => [name, outcome, list?.length]),
        ]),
    };
    if (loaded) {
      ask("old");
      await settle();
      answer(0);
      await settle();
      if (facts) hooks.shift()();
      await settle();
      world.check();
      asked.length = 0;
    }
    return world;
  };
}
