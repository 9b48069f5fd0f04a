// Tests a guard in the runtime that imports this: only JWTs of its issuer are accepted.
import { SignJWT, generateKeyPair } from "jose";
import { open } from "privet";
import { ProblemError, guard, issue } from "privet/edge";
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
  return cases.length;
}
