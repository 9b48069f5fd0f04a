// An issuer for the examples of docs/frameworks.md: its keys, and tokens in its name.
import { SignJWT, exportJWK, generateKeyPair } from "jose";
import { issue } from "privet/edge";

const { publicKey, privateKey } = await generateKeyPair("ES256");
export const jwks = { keys: [{ ...(await exportJWK(publicKey)), alg: "ES256" }] };

/** The token of a session. */
export const tokenOf = (session) =>
  new SignJWT({ ...issue(session), iss: "https://issuer.example", aud: "https://app.example" })
    .setProtectedHeader({ alg: "ES256" })
    .setExpirationTime("1h")
    .sign(privateKey);
