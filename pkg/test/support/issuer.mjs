// A test issuer: its keys, claims, signed JWTs and the requests that carry them.
import assert from "node:assert/strict";
import { load } from "./package.mjs";

const jose = await load("jose");
const { ProblemError } = await load("privet/edge");

export const ISSUER = "https://issuer.test";
export const AUDIENCE = "https://api.test";
export const keys = await jose.generateKeyPair("EdDSA", { extractable: true });
export const other = await jose.generateKeyPair("EdDSA", { extractable: true });
export const publicJwk = await jose.exportJWK(keys.publicKey);

/** Claims that are valid for an hour, with a token. */
export function claims(token, more = {}) {
  const now = Math.floor(Date.now() / 1000);
  return { iss: ISSUER, aud: AUDIENCE, sub: "maria", iat: now, exp: now + 3600, ...token, ...more };
}

export const sign = (payload, key = keys.privateKey, header = {}) =>
  new jose.SignJWT(JSON.parse(JSON.stringify(payload)))
    .setProtectedHeader({ alg: "EdDSA", ...header })
    .sign(key, { crit: { x: true } });

export async function request(payload, key, header) {
  return new Request("https://example.test/", {
    headers: { authorization: `Bearer ${await sign(payload, key, header)}` },
  });
}

/** Asserts that a promise is rejected with this problem, and returns it. */
export async function refused(promise, status, code) {
  const error = await promise.then(
    (answer) => assert.fail(`answered ${answer}`),
    (error) => error,
  );
  assert.ok(error instanceof ProblemError, error.stack ?? String(error));
  assert.deepEqual([error.status, error.code], [status, code], error.message);
  return error;
}
