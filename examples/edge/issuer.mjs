// The trusted parties: the issuer, which signs people's grants as JWTs, and the publisher, which signs packs.
import { SignJWT, exportJWK, generateKeyPair } from "jose";
import { issue } from "privet/edge";

export const ISSUER = "https://issuer.example";
export const AUDIENCE = "https://edge.example";

const base64 = (bytes) => Buffer.from(bytes).toString("base64");

/** Generates the keys of both, and the worker's bindings with the public ones. In production the keys are persistent. */
export async function createIssuer() {
  const people = await generateKeyPair("EdDSA");
  const packs = await crypto.subtle.generateKey({ name: "Ed25519" }, false, ["sign", "verify"]);
  return {
    bindings: {
      ISSUER,
      AUDIENCE,
      JWKS: JSON.stringify({ keys: [{ ...(await exportJWK(people.publicKey)), kid: "1" }] }),
      PACK_KEY: base64(await crypto.subtle.exportKey("raw", packs.publicKey)),
    },
    /** Signs a JWT with a session's grants, valid for an hour. Facts are not included; the guard looks them up per request. */
    sign: (session, name) =>
      new SignJWT(issue(session))
        .setProtectedHeader({ alg: "EdDSA", kid: "1" })
        .setSubject(name)
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt()
        .setExpirationTime("1h")
        .sign(people.privateKey),
    /** Publishes policies, newest first: writes the packs, then the list in a single write. */
    async publish(kv, policies) {
      const index = [];
      for (const { pack, fingerprint } of policies) {
        const signature = base64(await crypto.subtle.sign("Ed25519", packs.privateKey, pack));
        await kv.put(`packs/${fingerprint}`, pack);
        index.push({ fingerprint, signature });
      }
      await kv.put(`policies/${policies[0].id}`, JSON.stringify(index));
    },
  };
}
