// Writes guard.json: requests with signed tokens, and what `privet/edge` answers. All guards in hosts/ and pkg/test/host-guard.test.mjs
// run it. Every run has a new key, which is not kept. Run it where the npm package is installed: node make.mjs FOLDER
import { readFileSync, writeFileSync } from "node:fs";
import { createHmac } from "node:crypto";
import { createRequire } from "node:module";
import { resolve as resolvePath } from "node:path";
import { pathToFileURL } from "node:url";

const { resolve } = createRequire(resolvePath(process.argv[2], "anywhere.js"));
const load = (name) => import(pathToFileURL(resolve(name)).href);
const { open } = await load("privet");
const { studio } = await load("privet/studio");
const { exportJWK, exportSPKI, generateKeyPair, SignJWT } = await load("jose");
const { answersOf } = await import("./answers.mjs");
const here = (name) => new URL(name, import.meta.url);

const tools = await studio();
const text = readFileSync(here("orders.privet.jsonc"), "utf8");
const pack = tools.compile(text, { reasons: false });
const policy = open(pack);
const other = open(
  tools.compile(text.replaceAll('"orders:refund"', '"orders:return"').replaceAll("orders:refund", "orders:return")),
);
const [keys, stranger] = await Promise.all([1, 2].map(() => generateKeyPair("ES256", { extractable: true })));
const [issuer, audience] = ["https://id.shop.example", "https://api.shop.example"];
const FAR = 4_102_444_800; // 2100

const token = (subject, from = policy) => from.session(subject).token();
const clerk = token({ roles: ["clerk"] });
const jwt = (claims = {}, key = keys.privateKey, header = {}) => {
  const all = { iss: issuer, aud: audience, sub: "eve", iat: 1_700_000_000, exp: FAR, privet: clerk, ...claims };
  return new SignJWT(JSON.parse(JSON.stringify(all)))
    .setProtectedHeader({ alg: "ES256", typ: "JWT", ...header })
    .sign(key);
};
const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const body = { iss: issuer, aud: audience, exp: FAR, privet: clerk };
const pem = await exportSPKI(keys.publicKey);
const hmac = `${part({ alg: "HS256" })}.${part(body)}`;
const good = await jwt();
const bearer = async (claims, key, header) => [`Bearer ${await jwt(claims, key, header)}`];
const cases = [
  ["allowed", await bearer(), "orders.list"],
  ["the scheme in other letters", [`bEARER ${good}`], "orders.list"],
  ["an audience among several", await bearer({ aud: ["https://x.example", audience] }), "orders.list"],
  ["denied", await bearer(), "orders.refund"],
  [
    "undecided: a fact is unknown",
    await bearer({ privet: token({ grants: { "orders:refund": true } }) }),
    "orders.refund",
  ],
  [
    "a fact that the service knows",
    await bearer({ privet: token({ grants: { "orders:refund": true } }) }),
    "orders.refund",
    { facts: { "open-day": true } },
  ],
  ["facts that do not match the policy", await bearer(), "orders.list", { facts: { "open-dya": true } }],
  ["an obligation that is owed", await bearer({ privet: token({ grants: { stock: "edit" } }) }), "stock.edit"],
  [
    "an obligation that is fulfilled",
    await bearer({ privet: token({ grants: { stock: "edit" } }) }),
    "stock.edit",
    { discharges: ["reviewed"] },
  ],
  [
    "roles that conflict with a fact",
    await bearer({ privet: token({ roles: ["clerk", "left"] }) }),
    "orders.list",
    { facts: { "open-day": true } },
  ],
  ["revoked", await bearer({ sub: "mallory" }), "orders.list"],
  ["no header", [], "orders.list"],
  ["another scheme", ["Basic ZXZlOmV2ZQ=="], "orders.list"],
  ["two headers", [`Bearer ${good}`, `Bearer ${good}`], "orders.list"],
  ["a token that is too long", [`Bearer ${"a".repeat(9000)}`], "orders.list"],
  ["a token that is none", ["Bearer nonsense"], "orders.list"],
  ["three parts that are none", ["Bearer a.b.c"], "orders.list"],
  ["a signature that was cut", [`Bearer ${good.slice(0, -8)}`], "orders.list"],
  [
    "other claims below the signature",
    [
      `Bearer ${good
        .split(".")
        .with(1, part({ ...body, sub: "x" }))
        .join(".")}`,
    ],
    "orders.list",
  ],
  ["another key", await bearer({}, stranger.privateKey), "orders.list"],
  ["the algorithm none", [`Bearer ${part({ alg: "none" })}.${part(body)}.`], "orders.list"],
  [
    "the public key as a secret",
    [`Bearer ${hmac}.${createHmac("sha256", pem).update(hmac).digest("base64url")}`],
    "orders.list",
  ],
  ["expired", await bearer({ exp: 1_700_000_100 }), "orders.list"],
  ["no expiry", await bearer({ exp: undefined }), "orders.list"],
  ["an expiry that is text", await bearer({ exp: String(FAR) }), "orders.list"],
  ["not valid yet", await bearer({ nbf: FAR - 1 }), "orders.list"],
  ["another issuer", await bearer({ iss: "https://id.evil.example" }), "orders.list"],
  ["no issuer", await bearer({ iss: undefined }), "orders.list"],
  ["another audience", await bearer({ aud: "https://other.example" }), "orders.list"],
  ["no audience", await bearer({ aud: undefined }), "orders.list"],
  ["no claim", await bearer({ privet: undefined }), "orders.list"],
  ["a claim that is no text", await bearer({ privet: 7 }), "orders.list"],
  ["a claim that is no token", await bearer({ privet: "nonsense" }), "orders.list"],
  [
    "a claim that was changed",
    await bearer({ privet: clerk.slice(0, -1) + (clerk.endsWith("A") ? "B" : "A") }),
    "orders.list",
  ],
  ["a token of another layout", await bearer({ privet: token({ roles: ["clerk"] }, other) }), "orders.list"],
];
const file = {
  why: "Requests and what privet/edge answers; written by make.mjs. `revoked` is for the subject `mallory`.",
  pack: Buffer.from(pack).toString("base64"),
  issuer,
  audience,
  algorithm: "ES256",
  pem,
  jwk: await exportJWK(keys.publicKey),
  cases: cases.map(([why, authorization, operation, { facts = {}, discharges = [] } = {}]) => ({
    why,
    authorization,
    operation,
    facts,
    discharges,
  })),
};
const { guard, ProblemError } = await load("privet/edge");
for (const [index, is] of (await answersOf({ guard, ProblemError }, keys.publicKey, file)).entries())
  file.cases[index].is = is;
writeFileSync(here("guard.json"), `${JSON.stringify(file, null, 1)}\n`);
