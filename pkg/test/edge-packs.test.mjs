// Signed packs: a pack from an untrusted store is opened only with a valid signature.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./support/package.mjs";

const { openSigned, InvalidSignatureError } = await load("privet/edge");
const { pack } = await load("privet/policies/contact");
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
