// The tokens of the people of this example.
import { SignJWT, importJWK } from "jose";
import { issue } from "privet/edge";
import { audience, issuer, privateJwk } from "./keys.js";
import { contact } from "../policy.js";

export const people = {
  ann: { grants: { reports: "view-only" } },
  bob: { grants: { reports: "modify", "routing-flows": "modify" } },
};

export async function tokenOf(person) {
  const claims = { sub: person, iss: issuer, aud: audience, ...issue(contact.session(people[person])) };
  return new SignJWT(claims)
    .setProtectedHeader({ alg: "ES256" })
    .setExpirationTime("1h")
    .sign(await importJWK(privateJwk, "ES256"));
}
