// Signed packs: a pack from an untrusted store is opened only with a valid signature.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./support/package.mjs";

const jose = await load("jose");
const { openSigned, signPack, guard, InvalidSignatureError, RefusedPackError } = await load("privet/edge");
const { pack } = await load("privet/policies/contact");
const { pack: another } = await load("privet/policies/vicidial");
const { subtle } = crypto;

const kinds = [
  ["Ed25519", { name: "Ed25519" }, { name: "Ed25519" }],
  ["ECDSA P-256", { name: "ECDSA", namedCurve: "P-256" }, { name: "ECDSA", hash: "SHA-256" }],
];
for (const [name, made, signed] of kinds) {
  test(`${name}: a pack opens only with its signature`, async () => {
    const { publicKey, privateKey } = await subtle.generateKey(made, false, ["sign", "verify"]);
    const another = await subtle.generateKey(made, false, ["sign", "verify"]);
    const signature = new Uint8Array(await subtle.sign(signed, privateKey, pack));
    assert.equal((await openSigned(pack, signature, publicKey)).id, "contact");
    const flipped = (bytes, at) => bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));
    const wrong = [
      [pack, flipped(signature, 0), publicKey],
      [pack, flipped(signature, 63), publicKey],
      [pack, signature.slice(1), publicKey],
      [pack, new Uint8Array(), publicKey],
      [pack, null, publicKey],
      [null, signature, publicKey],
      [pack, signature, another.publicKey],
      [pack, signature, privateKey],
      [flipped(pack, 0), signature, publicKey],
      [flipped(pack, pack.length - 1), signature, publicKey],
      [pack.slice(0, -1), signature, publicKey],
    ];
    for (const [bytes, proof, key] of wrong) {
      await assert.rejects(openSigned(bytes, proof, key), (error) => {
        assert.ok(error instanceof InvalidSignatureError);
        assert.deepEqual([error.code, error.message], ["invalid-signature", "pack is not signed by this key"]);
        return true;
      });
    }
  });
}

test("a key of another kind is refused", async () => {
  const key = await subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]);
  const signature = new Uint8Array(await subtle.sign("HMAC", key, pack));
  await assert.rejects(openSigned(pack, signature, key), { code: "invalid-signature" });
});

test("signed bytes that are not a pack are refused as an invalid pack", async () => {
  const { publicKey, privateKey } = await subtle.generateKey({ name: "Ed25519" }, false, ["sign", "verify"]);
  const bytes = new Uint8Array(100);
  await assert.rejects(openSigned(bytes, new Uint8Array(await subtle.sign("Ed25519", privateKey, bytes)), publicKey), {
    code: "invalid-pack",
  });
});

test("the verified bytes are opened, even if the caller writes to them meanwhile", async () => {
  const { publicKey, privateKey } = await subtle.generateKey({ name: "Ed25519" }, false, ["sign", "verify"]);
  const bytes = Uint8Array.from(pack);
  const opening = openSigned(bytes, new Uint8Array(await subtle.sign("Ed25519", privateKey, pack)), publicKey);
  bytes.fill(0);
  assert.equal((await opening).id, "contact");
});

const { publicKey, privateKey } = await subtle.generateKey({ name: "Ed25519" }, false, ["sign", "verify"]);
const plain = async (bytes, key = privateKey) => new Uint8Array(await subtle.sign("Ed25519", key, bytes));
const refused = (promise, code, message) =>
  assert.rejects(promise, (error) => {
    assert.ok(error instanceof RefusedPackError);
    assert.equal(error.code, code);
    if (message) assert.equal(error.message, message);
    return true;
  });

test("a signed pack of another policy is refused where the id is expected", async () => {
  for (const signature of [await plain(another), await signPack(another, privateKey)]) {
    assert.equal((await openSigned(another, signature, publicKey)).id, "vicidial");
    assert.equal((await openSigned(another, signature, publicKey, { id: "vicidial" })).id, "vicidial");
    await refused(
      openSigned(another, signature, publicKey, { id: "contact" }),
      "wrong-pack",
      "pack is of policy `vicidial`, not of `contact`",
    );
  }
});

test("a dated signature is of one pack, one time and one kind", async () => {
  const signature = await signPack(pack, privateKey, { issuedAt: 1_900_000_000 });
  assert.deepEqual(jose.decodeProtectedHeader(signature), { alg: "EdDSA", typ: "privet-pack+jwt" });
  const { sha256, ...rest } = jose.decodeJwt(signature);
  assert.deepEqual(rest, { sub: "contact", iat: 1_900_000_000 });
  const hash = Buffer.from(await subtle.digest("SHA-256", pack)).toString("base64url");
  assert.equal(sha256, hash);
  const sign = (payload, header = {}) =>
    new jose.SignJWT(payload).setProtectedHeader({ alg: "EdDSA", typ: "privet-pack+jwt", ...header }).sign(privateKey);
  const good = { sha256: hash, sub: "contact", iat: 1_900_000_000 };
  assert.equal((await openSigned(pack, await sign(good), publicKey)).id, "contact");
  const { publicKey: stranger, privateKey: strangers } = await subtle.generateKey({ name: "Ed25519" }, false, [
    "sign",
    "verify",
  ]);
  const [start, letter, end] = [signature.slice(0, -20), signature.at(-20), signature.slice(-19)];
  const wrong = [
    [another, signature, publicKey],
    [pack, `${start}${letter === "A" ? "B" : "A"}${end}`, publicKey],
    [pack, signature, stranger],
    [pack, await signPack(pack, strangers), publicKey],
    [pack, await sign(good, { typ: "JWT" }), publicKey],
    [pack, await sign({ ...good, sha256: undefined }), publicKey],
    [pack, await sign({ ...good, iat: undefined }), publicKey],
    [pack, await sign({ ...good, sub: undefined }), publicKey],
    [pack, "", publicKey],
    [pack, "a.b.c", publicKey],
    [pack, "x".repeat(3000), publicKey],
    [pack, signature, []],
  ];
  for (const [bytes, proof, key] of wrong)
    await assert.rejects(openSigned(bytes, proof, key), { code: "invalid-signature" });
  await refused(openSigned(pack, await sign({ ...good, sub: "vicidial" }), publicKey), "wrong-pack");
  const ecdsa = await subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
  assert.equal((await openSigned(pack, await signPack(pack, ecdsa.privateKey), ecdsa.publicKey)).id, "contact");
});

test("`notBefore` rules out packs that were signed earlier, and those without a date", async () => {
  const notBefore = 1_900_000_000;
  const signed = (issuedAt) => signPack(pack, privateKey, { issuedAt });
  const opened = async (signature) => openSigned(pack, signature, publicKey, { id: "contact", notBefore });
  assert.equal((await opened(await signed(notBefore))).id, "contact");
  await refused(
    opened(await signed(notBefore - 1)),
    "outdated-pack",
    "pack was signed at 1899999999, before 1900000000",
  );
  await refused(
    opened(await plain(pack)),
    "outdated-pack",
    "pack has a signature without a date; sign it with `signPack`",
  );
});

test("while a key is replaced, either of two opens", async () => {
  const next = await subtle.generateKey({ name: "Ed25519" }, false, ["sign", "verify"]);
  for (const key of [privateKey, next.privateKey])
    for (const signature of [await plain(pack, key), await signPack(pack, key)])
      assert.equal((await openSigned(pack, signature, [publicKey, next.publicKey])).id, "contact");
});

test("a guard leaves out policies that were signed before its `notBefore`", async () => {
  const { AUDIENCE, ISSUER, claims, keys, refused, request } = await import("./support/issuer.mjs");
  const { issue } = await load("privet/edge");
  const at = Math.floor(Date.now() / 1000);
  const dated = async (issuedAt) => openSigned(pack, await signPack(pack, privateKey, { issuedAt }), publicKey);
  const options = { keys: keys.publicKey, issuer: ISSUER, audience: AUDIENCE, algorithms: ["EdDSA"], onProblem() {} };
  const [old, young] = [await dated(at - 100), await dated(at)];
  const incoming = await request(claims(issue(young.session())));
  const notBefore = { contact: at - 50 };
  const session = await guard({ ...options, notBefore, policies: [old, young] }).session(incoming);
  assert.equal(session.policy, young);
  assert.throws(() => guard({ ...options, notBefore, policies: [old] }), { code: "invalid-options", id: "policies" });
  const later = guard({ ...options, notBefore, policies: () => [old] });
  await refused(later.session(incoming), 503, "policies-unavailable");
});
