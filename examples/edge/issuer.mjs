// The trusted parties: the issuer, which signs people's grants as JWTs, and the publisher, which signs packs.
import { SignJWT, exportJWK, generateKeyPair } from "jose";
import { bundlePacks, issue, signPack } from "privet/edge";

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
      PACK_KEY: base64(await crypto.subtle.exportKey("raw", packs.publicKey)),
    },
    /** What the issuer serves at `/.well-known/jwks.json`. */
    jwks: { keys: [{ ...(await exportJWK(people.publicKey)), kid: "1" }] },
    /**
     * Signs a JWT with a session's grants, valid for an hour, or until the first of its grants and roles ends. Facts are not included;
     * the guard looks them up per request.
     */
    sign(session, name) {
      const hour = Math.floor(Date.now() / 1000) + 3600;
      return new SignJWT(issue(session))
        .setProtectedHeader({ alg: "EdDSA", kid: "1" })
        .setSubject(name)
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt()
        .setExpirationTime(Math.min(hour, session.validUntil ?? hour))
        .sign(people.privateKey);
    },
    /** Publishes policies, newest first: one object in the store, so that one write replaces all of them. */
    async publish(kv, policies) {
      const signed = policies.map(async ({ pack }) => ({ pack, signature: await signPack(pack, packs.privateKey) }));
      await kv.put(`policies/${policies[0].id}`, bundlePacks(await Promise.all(signed)));
    },
  };
}
