// Writes guard.json: requests with signed tokens, and what `privet/edge` answers. All guards in hosts/ and pkg/test/host-guard.test.mjs
// run it. Every run has a new key, which is not kept. Run it where the npm package is installed: node make.mjs FOLDER
import { readFileSync, writeFileSync } from "node:fs";
import { createHmac, KeyObject, sign } from "node:crypto";
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

/** A JWT with a valid signature of a header and claims as they are written: what no library writes. */
const signed = (claims, header = '{"alg":"ES256"}') => {
  const input = [header, claims].map((text) => Buffer.from(text).toString("base64url")).join(".");
  const key = { key: KeyObject.from(keys.privateKey), dsaEncoding: "ieee-p1363" };
  return `${input}.${sign("sha256", Buffer.from(input), key).toString("base64url")}`;
};
const written = (claims, header) => [`Bearer ${signed(claims, header)}`];
/** The claims as JSON, with more members as they are written. */
const withMembers = (more, claims = body) => `${JSON.stringify(claims).slice(0, -1)},${more}}`;
const { exp: _, ...endless } = body;
const expiring = (exp) => written(withMembers(`"exp":${exp}`, endless));
const levels = (depth) => `"x":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}`; // the claims are a level themselves
const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const respelt = good.slice(0, -1) + letters[letters.indexOf(good.at(-1)) + 1];

/** What RFC 7515 and RFC 7519 refuse or leave to libraries: the rule is in docs/host.md. */
const strict = [
  ["a header that must be understood", written(JSON.stringify(body), '{"alg":"ES256","crit":["x"],"x":1}')],
  ["a payload that is not encoded", written(JSON.stringify(body), '{"alg":"ES256","crit":["b64"],"b64":false}')],
  [
    "a header that must be understood and says nothing",
    written(JSON.stringify(body), '{"alg":"ES256","crit":["b64"],"b64":true}'),
  ],
  ["an empty `crit`", written(JSON.stringify(body), '{"alg":"ES256","crit":[]}')],
  ["`crit` that is null", written(JSON.stringify(body), '{"alg":"ES256","crit":null}')],
  ["a header that need not be understood", written(JSON.stringify(body), '{"alg":"ES256","x":1}')],
  ["an algorithm that comes twice", written(JSON.stringify(body), '{"alg":"none","alg":"ES256"}')],
  ["a signature in another spelling", [`Bearer ${respelt}`]],
  ["a letter that is not of base64url", [`Bearer ${good.slice(0, -4)}!${good.slice(-4)}`]],
  ["padding", [`Bearer ${good}==`]],
  ["claims that are a list", written("[]")],
  ["claims that are a text", written('"claims"')],
  ["claims with a comment", written(`${JSON.stringify(body)}//`)],
  ["claims with a trailing comma", written(`${JSON.stringify(body).slice(0, -1)},}`)],
  ["claims in single quotes", written(JSON.stringify(body).replaceAll('"', "'"))],
  ["claims with a byte order mark", written(`\ufeff${JSON.stringify(body)}`)],
  [
    "claims that are not UTF-8",
    written(Buffer.concat([Buffer.from(withMembers('"x":"')).subarray(0, -1), Buffer.from([0xff, 0x22, 0x7d])])),
  ],
  ["claims in UTF-16", written(Buffer.from(JSON.stringify(body), "utf16le"))],
  ["a control character in a text", written(withMembers('"x":"\n"'))],
  ["a claim that comes twice", written(withMembers(`"privet":${JSON.stringify(clerk)}`))],
  ["a claim that comes twice, in other letters", written(withMembers(`"priv\\u0065t":${JSON.stringify(clerk)}`))],
  ["an expiry that comes twice", written(withMembers(`"exp":${FAR}`))],
  ["a name that comes twice in a claim", written(withMembers('"x":{"y":1,"y":1}'))],
  ["a name in several objects", written(withMembers('"x":[{"y":1},{"y":1}],"y":"\\",\\"y\\":{"'))],
  ["a claim named `__proto__`", written(withMembers('"__proto__":{"privet":1}'))],
  ["127 levels", written(withMembers(levels(127)))],
  ["128 levels", written(withMembers(levels(128)))],
  ["2,500 levels", written(withMembers(levels(2500)))],
  ["an expiry of NaN", expiring("NaN")],
  ["an expiry of Infinity", expiring("Infinity")],
  ["an expiry of -Infinity", expiring("-Infinity")],
  ["an expiry larger than a float", expiring("1e400")],
  ["an expiry of 1e30", expiring("1e30")],
  ["an expiry after 2^53 - 1", expiring("9007199254740992")],
  ["an expiry of 2^53 - 1", expiring("9007199254740991")],
  ["an expiry of 400 digits", expiring("1".repeat(400))],
  ["an expiry with a fraction", expiring(`${FAR}.5`)],
  ["an expiry with an exponent", expiring("4.1024448e9")],
  ["an expiry below 0", expiring("-1")],
  ["an expiry of -1e30", expiring("-1e30")],
  ["an expiry with a leading 0", expiring(`0${FAR}`)],
  ["an expiry that is true", expiring("true")],
  ["an expiry that is null", expiring("null")],
  ["an expiry that is a list", expiring(`[${FAR}]`)],
  ["a start that is text", written(withMembers('"nbf":"1"'))],
  ["a start that is null", written(withMembers('"nbf":null'))],
  ["a start that is false", written(withMembers('"nbf":false'))],
  ["a start of 1e30", written(withMembers('"nbf":1e30'))],
  ["a start with a fraction", written(withMembers('"nbf":1.5'))],
  ["a start below 0", written(withMembers('"nbf":-5'))],
  ["a time of issue that is text", written(withMembers('"iat":"x"'))],
  ["a time of issue that is null", written(withMembers('"iat":null'))],
  ["a time of issue of 1e30", written(withMembers('"iat":1e30'))],
  ["a time of issue in the future", written(withMembers(`"iat":${FAR}`))],
  ["another claim larger than a float", written(withMembers('"x":1e400'))],
  ["another claim of NaN", written(withMembers('"x":NaN'))],
  ["another claim of 1e300", written(withMembers('"x":1e300'))],
  ["another claim of 30 digits", written(withMembers(`"x":${"1".repeat(30)}`))],
  ["another claim of 1,500 digits below 1", written(withMembers(`"x":0.${"1".repeat(1500)}`))],
  ["a subject that is a number", written(withMembers('"sub":5'))],
  ["a subject that is null", written(withMembers('"sub":null'))],
  ["an id that is a number", written(withMembers('"jti":5'))],
  ["an id that is a text", written(withMembers('"jti":"5"'))],
  ["an issuer that is a number", written(JSON.stringify({ ...body, iss: 5 }))],
  ["an issuer in a list", written(JSON.stringify({ ...body, iss: [issuer] }))],
  ["an audience that is a number", written(JSON.stringify({ ...body, aud: 5 }))],
  ["an audience beside a number", written(JSON.stringify({ ...body, aud: [audience, 5] }))],
  ["an audience that is null", written(JSON.stringify({ ...body, aud: null }))],
  ["no audience in a list", written(JSON.stringify({ ...body, aud: [] }))],
  ["another issuer, another audience and expired", written(JSON.stringify({ ...body, iss: "x", aud: "x", exp: 1 }))],
  ["another audience and expired", written(JSON.stringify({ ...body, aud: "x", exp: 1 }))],
  [
    "expired, not valid yet, and a subject that is a number",
    written(JSON.stringify({ ...body, exp: 1, nbf: FAR, sub: 5 })),
  ],
  ["expired and not valid yet", written(JSON.stringify({ ...body, exp: 1, nbf: FAR }))],
].map(([why, authorization]) => [why, authorization, "orders.list"]);
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
  ...strict,
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
