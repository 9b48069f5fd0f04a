// Guards requests by the token in their cookie, in middleware and on the server.
import { guard, tokenFromCookie } from "privet/edge";
import { audience, issuer, publicJwk } from "./keys.js";
import { contact } from "./policy.js";

export const guarded = guard({
  policies: [contact],
  issuer,
  audience,
  keys: { keys: [publicJwk] },
  algorithms: ["ES256"],
  token: tokenFromCookie("token"),
});
