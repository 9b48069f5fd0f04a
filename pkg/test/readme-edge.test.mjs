// Verifies the package's README on the edge, CASL and pages: its examples run, its codes and sizes are correct.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { load } from "./support/package.mjs";
import { builtIn as policies, tools } from "./support/policies.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const readme = readFileSync(join(here, "../README.md"), "utf8");
const project = join(here, "../../target/readme");
const examples = [...readme.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code]) => code);

const { guard, issue } = await load("privet/edge");
const jose = await load("jose");
const { publicKey, privateKey } = await jose.generateKeyPair("EdDSA");

before(() => {
  rmSync(project, { recursive: true, force: true });
  mkdirSync(join(project, "node_modules/@casl"), { recursive: true });
  for (const name of ["privet", "jose"])
    symlinkSync(
      join(process.env.PRIVET_INSTALLED, "node_modules", name),
      join(project, "node_modules", name),
      "junction",
    );
  for (const name of ["hono", "@casl/ability"])
    symlinkSync(join(here, "../node_modules", name), join(project, "node_modules", name), "junction");
  writeFileSync(join(project, "package.json"), '{ "type": "module" }');
});

/** Imports the only example that contains this text. */
function example(text, edit = (code) => code) {
  const [code, ...others] = examples.filter((code) => code.includes(text));
  assert.ok(code && others.length === 0, `examples with ${text}: ${others.length + (code ? 1 : 0)}`);
  const file = join(project, `${text.replace(/\W+/g, "-")}.mjs`);
  writeFileSync(file, edit(code));
  return import(pathToFileURL(file).href);
}

const get = async (jwtOf, grants) => {
  const jwt = await jwtOf(policies.vicidial.session({ grants }), "maria", privateKey);
  return new Request("https://api.example/email-accounts", { headers: { authorization: `Bearer ${jwt}` } });
};
const allowed = policies.vicidial
  .session({ grants: { "modify-email-accounts": true }, facts: { "email-allowed": true } })
  .allowed();

test("the example of a worker accepts the JWTs of the example of an issuer", async (context) => {
  context.mock.method(globalThis, "fetch", async () => Response.json({ keys: [await jose.exportJWK(publicKey)] }));
  const worker = (await example("export default")).default;
  const { jwtOf } = await example("jwtOf");
  assert.deepEqual(await (await worker.fetch(await get(jwtOf, { "modify-email-accounts": true }))).json(), allowed);
  assert.equal((await worker.fetch(await get(jwtOf, {}))).status, 403);
  assert.equal((await worker.fetch(new Request("https://api.example/"))).status, 401);

  // Tokens have no ends, so the JWT expires when the first grant ends
  const now = Math.floor(Date.now() / 1000);
  for (const [until, expected] of [
    [now + 600, now + 600],
    [now + 7200, now + 3600],
  ]) {
    const subject = { grants: { "modify-email-accounts": { value: true, until } } };
    const { exp } = jose.decodeJwt(await jwtOf(policies.vicidial.session(subject, { now }), "maria", privateKey));
    assert.ok(exp >= expected && exp <= expected + 60, `${exp} instead of ${expected}`);
  }

  const token = {
    keys: publicKey,
    issuer: "https://issuer.example",
    audience: "https://api.example",
    algorithms: ["EdDSA"],
  };
  const app = (await example("new Hono()")).app(
    guard({ ...token, policies: [policies.vicidial], facts: () => ({ "email-allowed": true }) }),
  );
  assert.deepEqual(await (await app.fetch(await get(jwtOf, { "modify-email-accounts": true }))).json(), allowed);
  assert.equal((await app.fetch(await get(jwtOf, {}))).status, 403);
});

/** Turns lines such as `expression; // true: reason` into assertions. */
const withAssertions = (code) => {
  const claimed = code.replace(
    /^(\w.*); \/\/ (true|false)\b.*$/gm,
    'if ($1 !== $2) throw new Error("the README is wrong");',
  );
  assert.notEqual(claimed, code);
  return claimed;
};

test("the examples of CASL and of pages give the results in their comments", async () => {
  await example("email-accounts.opne", withAssertions);
  await example("hydrate", withAssertions);
});

test("the table has every code of a problem with its status", async () => {
  const declared = readFileSync(
    join(process.env.PRIVET_INSTALLED, "node_modules/privet/dist/edge/problem.d.ts"),
    "utf8",
  );
  const known = [...declared.matchAll(/^ {4}readonly "?([a-z-]+)"?: readonly \[(\d{3}),/gm)].map(
    ([, code, status]) => `${code} ${status}`,
  );
  const rows = [...readme.matchAll(/^\| ((?:`[a-z-]+`(?:, )?)+) \| (401|403|500|503) \|/gm)];
  const documented = rows.flatMap(([, codes, status]) =>
    [...codes.matchAll(/`([a-z-]+)`/g)].map(([, code]) => `${code} ${status}`),
  );
  assert.deepEqual(documented.sort(), known.sort());
  assert.equal(known.length, 23);
});

test("the table has the sizes of tokens", async () => {
  const rows = [];
  for (const [id, policy] of Object.entries(policies)) {
    const { privileges } = tools.describe(policy);
    const most = ({ kind, levels, options, max = 0xffffffff }) =>
      ({
        flag: () => true,
        level: () => levels.at(-1).id,
        choice: () => options[0].id,
        set: () => options.map(({ id }) => id),
        number: () => max,
      })[kind]();
    const all = Object.fromEntries(privileges.map((privilege) => [privilege.id, most(privilege)]));
    const people = [
      ["nothing", {}],
      ["everything, by roles", { roles: [all] }],
      ["everything, by roles and again as own grants", { roles: [all], grants: all }],
    ];
    for (const [index, [holds, subject]] of people.entries()) {
      const session = policy.session(subject);
      const sizes = [session.token().length];
      for (const alg of ["EdDSA", "RS256"]) {
        const jwt = new jose.SignJWT(issue(session))
          .setProtectedHeader({ alg, kid: "2026-01" })
          .setSubject("0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0");
        const { privateKey } = await jose.generateKeyPair(alg);
        sizes.push(
          (
            await jwt
              .setIssuer("https://issuer.example")
              .setAudience("https://api.example")
              .setIssuedAt()
              .setExpirationTime("1h")
              .sign(privateKey)
          ).length,
        );
      }
      const cells = [index === 0 ? `${id}, ${privileges.length} privileges` : "", holds, ...sizes];
      rows.push(`| ${cells.join(" | ")} |`.replace("|  |", "| |"));
    }
  }
  assert.ok(readme.includes(rows.join("\n")), `the table should be\n${rows.join("\n")}`);
});

test("the example of a decision point decides", async () => {
  const { pdp } = await example("authzen({");
  const handler = pdp(policies.vicidial, new Map([["maria", { grants: { "modify-email-accounts": true } }]]));
  const ask = async (id) => {
    const asked = {
      subject: { type: "user", id },
      action: { name: "open" },
      resource: { type: "email-account", id: "1" },
    };
    const init = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(asked) };
    return (await handler(new Request("https://pdp.example/access/v1/evaluation", init))).json();
  };
  assert.deepEqual(await ask("maria"), { decision: true });
  assert.deepEqual(await ask("tom"), { decision: false, context: { code: "unknown-subject" } });
});

test("the examples of an ability with own actions, and of a table, give what they say", async () => {
  const { abilityOf } = await example("abilityOf");
  const may = (grants) =>
    abilityOf(policies.vicidial.session({ grants, facts: { "email-allowed": true } }), (...args) =>
      tools.explain(...args),
    );
  assert.equal(may({ "modify-email-accounts": true }).can("delete", "EmailAccount"), true);
  assert.match(
    may({}).relevantRuleFor("update", "EmailAccount").reason,
    /: denied, because Modify Email Accounts is not granted\.$/,
  );
  const { rowsOf } = await example("rowsOf");
  assert.deepEqual(await rowsOf(new Blob(["\ufeffRole;Refund\r\n\r\nBoss;x"])), [
    { at: 1, cells: ["Role", "Refund"] },
    { at: 3, cells: ["Boss", "x"] },
  ]);
});
