// The tokens of the people of this example.
import { SignJWT, importJWK } from "jose";
import { issue } from "privet/edge";
import { audience, issuer, privateJwk } from "./keys.js";
import { contact } from "./policy.js";

export const people = {
  ann: { grants: { reports: "view-only" } },
  bob: { grants: { reports: "modify", "routing-flows": "modify" } },
};

export async function tokenOf(person) {
  const claims = { sub: person, iss: issuer, aud: audience, ...issue(contact.session(people[person])) };
  // `issue` gives the time at which the first grant or role ends: the token does not have it
  const hour = Math.floor(Date.now() / 1000) + 3600;
  return new SignJWT(claims)
    .setProtectedHeader({ alg: "ES256" })
    .setExpirationTime(Math.min(hour, claims.exp ?? hour))
    .sign(await importJWK(privateJwk, "ES256"));
}
