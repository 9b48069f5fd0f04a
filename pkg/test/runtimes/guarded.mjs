// Tests a guard in the runtime that imports this: only JWTs of its issuer are accepted, claims are mapped, records are not lost, and a
// source that does not answer is given up.
import { SignJWT, exportJWK, generateKeyPair } from "jose";
import { open } from "privet";
import {
  ProblemError,
  bundlePacks,
  fromClaims,
  guard,
  issue,
  policies,
  remoteKeys,
  signPack,
  tokenFromHeader,
} from "privet/edge";
import { pack } from "privet/policies/vicidial";

/** Sends a few requests and returns their number. */
export async function run() {
  const { publicKey, privateKey } = await generateKeyPair("ES256");
  const vicidial = open(pack);
  const token = { issuer: "https://issuer.test", audience: "https://api.test", algorithms: ["ES256"] };
  const guarded = guard({ ...token, policies: [pack], keys: publicKey, facts: () => ({ "email-allowed": true }) });
  const sign = (grants) =>
    new SignJWT(issue(vicidial.session({ grants })))
      .setProtectedHeader({ alg: "ES256" })
      .setIssuer(token.issuer)
      .setAudience(token.audience)
      .setExpirationTime("1h")
      .sign(privateKey);
  const maria = await sign({ "modify-email-accounts": true });
  const cases = [
    [maria, 200],
    [await sign({}), 403],
    [undefined, 401],
    [`${maria.slice(0, 200)}${maria[200] === "A" ? "B" : "A"}${maria.slice(201)}`, 401],
  ];
  for (const [jwt, wanted] of cases) {
    const request = new Request("https://api.test/", { headers: jwt ? { authorization: `Bearer ${jwt}` } : {} });
    const response = await guarded.require(request, "email-accounts.open").then(
      () => new Response("done"),
      (error) => (error instanceof ProblemError ? error.response() : Promise.reject(error)),
    );
    if (response.status !== wanted) throw new Error(`${response.status}, not ${wanted}: ${await response.text()}`);
  }
  return cases.length + (await mapped());
}

/** Maps claims, with keys from a JWKS, packs from a store, and a record that takes time. */
async function mapped() {
  const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
  const packs = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
  const body = bundlePacks([{ pack, signature: await signPack(pack, packs.privateKey) }]);
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: "1" }] };
  const written = [];
  const never = () => new Promise(() => {});
  const options = {
    policies: policies(async () => ({ body }), { key: packs.publicKey, id: "vicidial", maxAge: 60 }),
    keys: remoteKeys(new URL("https://issuer.test/jwks"), { fetch: async () => Response.json(jwks) }),
    issuer: ["https://issuer.test", "https://other.test"],
    audience: "https://api.test",
    algorithms: ["ES256"],
    token: tokenFromHeader("x-token"),
    subject: fromClaims(["roles"]),
    facts: () => ({ "email-allowed": true }),
    timeout: 50,
    onProblem: () => {},
    onDecision: async ({ decision, ignored }) => {
      await new Promise((done) => setTimeout(done, 5));
      written.push(`${decision} without ${ignored.map(({ value }) => value)}`);
    },
  };
  const token = await new SignJWT({ roles: ["modify-email-accounts", "openid"] })
    .setProtectedHeader({ alg: "ES256", kid: "1" })
    .setIssuer("https://issuer.test")
    .setAudience("https://api.test")
    .setExpirationTime("1h")
    .sign(privateKey);
  const request = new Request("https://api.test/", { headers: { "x-token": token } });
  await guard(options).require(request, "email-accounts.open");
  if (written.join() !== "allowed without openid") throw new Error(`the record is lost: ${written}`);
  for (const hook of ["policies", "facts", "subject", "revoked", "token", "keys"]) {
    const error = await guard({ ...options, [hook]: never })
      .session(request)
      .catch((error) => error);
    if (error.status !== 503) throw new Error(`${hook}: ${error}`);
  }
  return 7;
}
