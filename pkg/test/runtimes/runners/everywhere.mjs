// Decides the same people in Node.js, in Chromium, in workerd and by the server in Rust, and compares the results as text.
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { random } from "../../support/random.mjs";
import { app, page, scratch, serving } from "../lib.mjs";
import { plain } from "./chromium.mjs";
import { bundle, external, worker } from "./edge.mjs";

const { resolve } = createRequire(join(app, "main.js"));
const imported = (entry) => import(pathToFileURL(resolve(entry)).href);
const { open } = await imported("privet");
const { issue } = await imported("privet/edge");
const jose = await imported("jose");

const EACH = 60;
const ISSUER = "https://issuer.test";
const AUDIENCE = "https://api.test";

/** The tokens and facts of people with random roles, grants and facts. */
function* people(tools, policy, seed) {
  const { privileges, facts, roles } = tools.describe(policy);
  const { below, pick } = random(seed);
  const some = (list, share, value) =>
    Object.fromEntries(list.filter(() => below(100) < share).map((it) => [it.id, value(it)]));
  const grant = ({ kind, levels, options, min = 0, max = 100 }) =>
    ({
      flag: () => true,
      level: () => pick(levels).id,
      choice: () => pick(options).id,
      set: () => [pick(options).id],
      number: () => min + below(max - min + 1),
    })[kind]();
  const fact = ({ kind, options }) =>
    ({ switch: () => below(2) === 1, choice: () => pick(options).id, number: () => below(10) })[kind]();
  for (let round = 0; round < EACH; round++) {
    const grants = some(privileges, below(100), grant);
    const listed = roles.length ? [pick(roles).id] : [];
    const known = some(facts, below(120), fact);
    const session = policy.session({ roles: below(2) ? listed : [], grants, facts: known });
    yield { policy: policy.id, token: session.token(), facts: known };
  }
}

async function inChromium(all) {
  scratch("everywhere", {
    "index.html": plain,
    "main.mjs":
      'import { decide } from "../decisions.mjs";\nimport people from "./people.mjs";\nglobalThis.result = decide(people);\n',
    "people.mjs": `export default JSON.parse(${JSON.stringify(JSON.stringify(all))});\n`,
  });
  return serving(app, (url) => page(`${url}everywhere/`));
}

async function inWorkerd(all) {
  const source =
    'import { decide } from "../decisions.mjs";\nexport default { fetch: async (request) => Response.json(decide(await request.json())) };\n';
  const running = worker(await bundle("everywhere-workerd", source, ["workerd", "worker", "browser"], "esm", external));
  try {
    return await (
      await running.dispatchFetch("http://localhost/", { method: "POST", body: JSON.stringify(all) })
    ).json();
  } finally {
    await running.dispose();
  }
}

/** Runs the server as users start it; each person is a request with a JWT. */
async function inRust(all, packs) {
  const { publicKey, privateKey } = await jose.generateKeyPair("EdDSA");
  const folder = scratch("everywhere-server", { "key.pem": await jose.exportSPKI(publicKey) });
  for (const [id, pack] of Object.entries(packs)) writeFileSync(join(folder, `${id}.pack`), pack);
  const files = Object.keys(packs).map((id) => `${id}.pack`);
  const server = spawn(process.env.PRIVET_SERVER, [ISSUER, AUDIENCE, "key.pem", ...files], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [line] = await Promise.race([
      createInterface(server.stdout)
        [Symbol.asyncIterator]()
        .next()
        .then(({ value }) => [value]),
      new Promise((_, reject) =>
        server.once("error", reject).once("exit", (code) => reject(new Error(`the server ended with ${code}`))),
      ),
    ]);
    const url = /http:\S+/.exec(line)[0];
    const sign = (claims) =>
      new jose.SignJWT(claims)
        .setProtectedHeader({ alg: "EdDSA" })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setExpirationTime("1h")
        .sign(privateKey);
    const send = async (path, jwt) =>
      fetch(`${url}/${path}`, { headers: jwt ? { authorization: `Bearer ${jwt}` } : {} });
    await refusals(send, sign, packs);
    const answers = [];
    for (const { policy, token, facts } of all) {
      const response = await send(policy, await sign({ privet: token, facts }));
      if (response.status !== 200) throw new Error(`the server answered ${response.status}: ${await response.text()}`);
      answers.push(await response.text());
    }
    return answers;
  } finally {
    server.kill();
  }
}

/** The server refuses the same requests as the guard. */
async function refusals(send, sign, packs) {
  const vicidial = open(packs.vicidial);
  const dotdigital = open(packs.dotdigital);
  const facts = { "email-allowed": true };
  const maria = { ...issue(vicidial.session({ grants: { "modify-email-accounts": true } })), facts };
  const empty = issue(vicidial.session());
  const sender = issue(dotdigital.session({ grants: { sender: true } }));
  const jwt = await sign(maria);
  // A byte in the middle, since the last byte of a signature is sometimes 0 already
  const forged = jwt.replace(/.(?=.{20}$)/, (letter) => (letter === "A" ? "B" : "A"));
  const open_ = "vicidial/do/email-accounts.open";
  for (const [path, token, status, code] of [
    [open_, jwt, 200],
    [open_, await sign({ ...empty, facts }), 403, "denied"],
    [open_, await sign({ ...maria, facts: {} }), 403, "undecided"],
    ["dotdigital/do/campaigns.send", await sign(sender), 403, "obligation-owed"],
    [open_, undefined, 401, "missing-token"],
    [open_, forged, 401, "invalid-token"],
    [open_, await sign({ ...maria, privet: `${maria.privet}A` }), 401, "invalid-token"],
    [open_, await sign(sender), 401, "stale-token"],
    [open_, await sign({ ...maria, nbf: Math.floor(Date.now() / 1000) + 600 }), 401, "invalid-token"],
    [open_, "A".repeat(8192), 401, "oversized-token"],
    [open_, await sign({ ...maria, facts: { nothing: true } }), 500, "invalid-facts"],
    ["vicidial/do/nothing", jwt, 404, "not-found"],
  ]) {
    const response = await send(path, token);
    const answer = await response.json();
    if (response.status !== status || answer.code !== code)
      throw new Error(`${path}: ${response.status} ${answer.code}, not ${status} ${code}`);
  }
}

export async function everywhere() {
  const tools = await (await imported("privet/studio")).studio();
  const packs = {};
  for (const id of ["contact", "dotdigital", "vicidial"]) packs[id] = (await imported(`privet/policies/${id}`)).pack;
  const all = Object.values(packs).flatMap((pack, index) => [...people(tools, open(pack), index + 1)]);
  const inNode = (await import(pathToFileURL(join(app, "decisions.mjs")).href)).decide(all);
  const others = {
    Chromium: await inChromium(all),
    workerd: await inWorkerd(all),
    "the server in Rust": await inRust(all, packs),
  };
  for (const [where, answers] of Object.entries(others)) {
    if (answers.length !== all.length) throw new Error(`${where} decided ${answers.length} people, not ${all.length}`);
    const wrong = answers.findIndex((answer, index) => answer !== inNode[index]);
    if (wrong >= 0)
      throw new Error(
        `${where} decides otherwise on ${JSON.stringify(all[wrong])}:\n${answers[wrong]}\nnot\n${inNode[wrong]}`,
      );
  }
  const decisions = inNode.flatMap((answer) => JSON.parse(answer).decisions.map(([, decision]) => decision));
  const count = (decision) => decisions.filter((it) => it === decision).length;
  for (const decision of ["allowed", "denied", "undecided"])
    if (!count(decision)) throw new Error(`nothing is ${decision}: the people are too similar`);
  return `${all.length} people, ${decisions.length} decisions (${count("allowed")} allowed, ${count("undecided")} undecided), the same in Node.js, ${Object.keys(others).join(", ")}`;
}
