// The two who are trusted: the issuer, who signs what people may do, and the maker of packs, who signs the policies.
import { SignJWT, exportJWK, generateKeyPair } from "jose";
import { issue } from "privet/edge";

export const ISSUER = "https://issuer.example";
export const AUDIENCE = "https://edge.example";

const base64 = (bytes) => Buffer.from(bytes).toString("base64");

/** Keys of both, and what the worker is told of them. A real issuer keeps its keys; these live as long as the process. */
export async function trusted() {
  const people = await generateKeyPair("EdDSA");
  const packs = await crypto.subtle.generateKey({ name: "Ed25519" }, false, ["sign", "verify"]);
  return {
    bindings: {
      ISSUER,
      AUDIENCE,
      JWKS: JSON.stringify({ keys: [{ ...(await exportJWK(people.publicKey)), kid: "1" }] }),
      PACK_KEY: base64(await crypto.subtle.exportKey("raw", packs.publicKey)),
    },
    /** A JWT of an hour that carries a session's grants. Facts stay out: they are asked for when a request comes. */
    sign: (session, name) =>
      new SignJWT(issue(session))
        .setProtectedHeader({ alg: "EdDSA", kid: "1" })
        .setSubject(name)
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt()
        .setExpirationTime("1h")
        .sign(people.privateKey),
    /** Puts policies in force, newest first: the packs, and then the list, in one write. */
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
