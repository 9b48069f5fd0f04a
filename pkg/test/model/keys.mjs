// A world of a guard whose issuer changes its keys, while requests come: see explore.mjs. What must hold in every order:
// 1. No allow without keys: a request is let in only by a key of a set that the issuer answered, which was in use while the request was guarded.
// 2. A key that was taken back lets nobody in as soon as a set without it is in use; a set that is too old counts no more.
// 3. A forged token is never let in.
// 4. Every request is answered.
import assert from "node:assert/strict";
import { AUDIENCE, ISSUER, claims, sign } from "../support/issuer.mjs";
import { load } from "../support/package.mjs";
import { orders } from "../support/orders.mjs";
import { settle } from "./explore.mjs";

const jose = await load("jose");
const { guard, issue, remoteKeys, ProblemError } = await load("privet/edge");

const SECOND = 1000;
const REFRESH = 600;
const MAX_AGE = 86_400;
const START = 1_900_000_000_000;
const URL_OF_KEYS = new URL("https://issuer.test/jwks");

const pairs = {};
for (const kid of ["a", "b"]) {
  const { publicKey, privateKey } = await jose.generateKeyPair("EdDSA", { extractable: true });
  pairs[kid] = { privateKey, jwk: { ...(await jose.exportJWK(publicKey)), kid } };
}
/** What the issuer answers, one stage after the other. */
const stages = [["a"], ["a", "b"], ["b"]];
const encoder = new TextEncoder();
const bodies = stages.map((kids) => encoder.encode(JSON.stringify({ keys: kids.map((kid) => pairs[kid].jwk) })));

const token = issue(orders.session({ roles: ["clerk"] }));
const iat = START / 1000;
const carrying = async (kid, by) => {
  const jwt = await sign({ ...claims(token), iat, exp: iat + 10_000_000 }, pairs[by].privateKey, { kid });
  return new Request("https://example.test/", { headers: { authorization: `Bearer ${jwt}` } });
};
const requests = { a: await carrying("a", "a"), b: await carrying("b", "b"), forged: await carrying("a", "b") };

/** A response that is read in the turn in which it comes. */
const response = (bytes) => ({
  status: 200,
  headers: new Headers(),
  body: {
    getReader: () => {
      const chunks = [bytes];
      return { read: async () => ({ done: chunks.length === 0, value: chunks.pop() }), cancel: async () => {} };
    },
  },
});

/** Makes worlds; `slow` adds the passing of time without timers. */
export function rotation({ most = 3, tokens = Object.keys(requests), breaks = 1, slow = false, old = true }) {
  return async (time) => {
    let stage = 0;
    let isDown = false;
    let broken = 0;
    let began = 0;
    const fetches = [];
    const asked = [];
    /** The set in use: that of the latest of the fetches that were answered in time. */
    let inUse;

    const keys = remoteKeys(URL_OF_KEYS, {
      refresh: REFRESH,
      maxAge: MAX_AGE,
      clock: () => START + time.now,
      onProblem: () => {},
      fetch: (_, { signal }) =>
        new Promise((resolve, reject) => {
          const [kids, body, down] = [stages[stage], bodies[stage], isDown];
          const [order, at] = [began++, time.now];
          fetches.push(() => {
            if (down) return reject(new Error("down"));
            resolve(response(body));
            if (signal.aborted || order < (inUse?.order ?? 0)) return undefined;
            inUse = { order, kids, at };
            for (const one of asked) if (one.outcome === undefined) one.kids.push(...kids);
            return undefined;
          });
        }),
    });
    const guarded = guard({
      policies: [orders],
      keys,
      issuer: ISSUER,
      audience: AUDIENCE,
      algorithms: ["EdDSA"],
      clock: () => START + time.now,
      onProblem: () => {},
    });
    const ask = (name) => {
      const isFresh = inUse && time.now - inUse.at < MAX_AGE * SECOND;
      const one = { name, kids: isFresh ? [...inUse.kids] : [], fetched: inUse !== undefined };
      asked.push(one);
      const over = (outcome) => {
        one.outcome = outcome;
      };
      guarded.require(requests[name], "orders.list").then(
        () => over("allowed"),
        (error) => over(error instanceof ProblemError ? error.code : `failed: ${error.stack}`),
      );
    };
    const world = {
      events() {
        const events = [];
        if (stage < stages.length - 1) events.push(["rotate", () => stage++]);
        if (isDown || broken < breaks)
          events.push([
            isDown ? "the issuer is up" : "the issuer is down",
            () => {
              isDown = !isDown;
              broken++;
            },
          ]);
        if (asked.length < most) for (const name of tokens) events.push([`request: ${name}`, () => ask(name)]);
        if (fetches.length > 0) events.push(["the oldest fetch is answered", () => fetches.shift()()]);
        if (fetches.length > 1) events.push(["the newest fetch is answered", () => fetches.pop()()]);
        events.push(["ten minutes pass", () => time.pass(REFRESH * SECOND)]);
        if (old) events.push(["a day passes", () => time.pass(MAX_AGE * SECOND)]);
        if (slow) events.push(...time.stopped());
        return events;
      },
      check() {
        for (const one of asked) {
          if (one.outcome === undefined || one.checked) continue;
          one.checked = true;
          assert.ok(!one.outcome.startsWith("failed"), one.outcome);
          if (one.outcome === "allowed") {
            assert.notEqual(one.name, "forged");
            assert.ok(one.kids.includes(one.name), `key ${one.name} let a request in, and ${one.kids} were in use`);
          } else assert.ok(["invalid-token", "keys-unavailable"].includes(one.outcome), one.outcome);
        }
      },
      async finish() {
        for (let round = 0; asked.some(({ outcome }) => outcome === undefined); round++) {
          assert.ok(round < 20, "a request is never answered");
          while (fetches.length > 0) fetches.shift()();
          await settle();
          world.check();
          if (time.waiting) time.fireNext();
          await settle();
        }
      },
      state: () =>
        JSON.stringify([stage, isDown, fetches.length, inUse?.kids, asked.map(({ name, outcome }) => [name, outcome])]),
    };
    return world;
  };
}
