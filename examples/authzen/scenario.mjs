// Runs the requests of scenario.json, which follow the certification scenario of the OpenID Authorization API 1.0, against a
// decision point, and compares its responses.
//   node scenario.mjs URL [IDENTIFIER]     a decision point that has the fixture of the scenario; its identifier, if it is not the URL
import { readFileSync, realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const cases = JSON.parse(readFileSync(new URL("scenario.json", import.meta.url), "utf8"));

const ENDPOINTS = ["evaluation", "evaluations", "search/subject", "search/resource", "search/action"];

/** The body of a page, and of the pages after it: `results` of all of them. */
async function everyPage(ask, body, pages) {
  const results = [];
  let token;
  for (let page = 1; ; page++) {
    const found = await ask(token === undefined ? body : { ...body, page: { token } });
    need(Array.isArray(found.results), "`results` is no array");
    need(found.page !== null && typeof found.page === "object", "`page` is no object");
    need(typeof found.page.next_token === "string", "`page.next_token` is no string");
    results.push(...found.results);
    token = found.page.next_token;
    if (token === "") return need(page === pages, `${page} pages, not ${pages}`, { results });
    need(page <= 100, "the pages have no end");
  }
}

function need(holds, fault, value) {
  if (!holds) throw new Error(fault);
  return value;
}

const text = (value) => JSON.stringify(value);
const isDecision = (value) =>
  typeof value?.decision === "boolean" &&
  (value.context === undefined || (typeof value.context === "object" && !Array.isArray(value.context)));

/** What of a parsed response differs from what is expected. */
function compare(answer, expect, earlier) {
  if ("decision" in expect) {
    need(isDecision(answer), "no decision");
    need(answer.decision === expect.decision, `decision ${answer.decision}, not ${expect.decision}`);
  }
  const count = expect.count ?? expect.decisions?.length;
  if (count !== undefined) {
    need(answer.evaluations?.length === count && answer.evaluations.every(isDecision), `not ${count} decisions`);
    const got = answer.evaluations.map(({ decision }) => decision);
    if (expect.decisions) need(text(got) === text(expect.decisions), `decisions ${got}, not ${expect.decisions}`);
  }
  const { results } = answer;
  if (expect.includes || expect.same || expect.results) need(Array.isArray(results), "`results` is no array");
  if (expect.type)
    need(
      results.every(({ type, id }) => type === expect.type && typeof id === "string"),
      "another type",
    );
  for (const one of expect.includes ?? [])
    need(
      results.some((found) => text(found) === text(one)),
      `no ${text(one)}`,
    );
  if (expect.same) need(text(results) === text(earlier.get(expect.same).results), `not the results of ${expect.same}`);
  if (expect.results) need(text(results) === text(expect.results), `results ${text(results)}`);
}

/** The metadata names the decision point by its URL, and each of its endpoints below it. */
function checkMetadata(answer, base) {
  need(answer.policy_decision_point === base, `the decision point is ${answer.policy_decision_point}, not ${base}`);
  for (const path of ENDPOINTS) {
    const [kind, of] = path.split("/");
    const name = of ? `${kind}_${of}_endpoint` : `access_${path}_endpoint`;
    const url = answer[name];
    need(url === `${base}/access/v1/${path}`, `\`${name}\` is ${url}`);
  }
}

/**
 * Runs the cases. `send(path, init)` gives the response, `base` is the URL of the decision point. Returns how many cases passed by
 * level, and the failures.
 */
export async function run(send, base = "https://pdp.example") {
  const passed = {};
  const failures = [];
  const earlier = new Map();
  for (const { id, level, path, method = "POST", headers = {}, body, text: raw, expect } of cases) {
    const ask = async (body) => {
      const content = method === "POST" && { body: raw ?? text(body) };
      const type = method === "POST" && { "content-type": "application/json" };
      const response = await send(path, { method, headers: { ...type, ...headers }, ...content });
      need(response.status === (expect.status ?? 200), `status ${response.status}`);
      const echo = headers["x-request-id"];
      need(echo === undefined || response.headers.get("x-request-id") === echo, "the request id did not come back");
      if (expect.status) return need((await response.text()) !== "", "no message", {});
      need(response.headers.get("content-type") === "application/json", "the content type is not JSON");
      return response.json();
    };
    try {
      for (let time = 0; time < (expect.times ?? 1); time++) {
        const answer = expect.pages ? await everyPage(ask, body, expect.pages) : await ask(body);
        if (expect.metadata) checkMetadata(answer, base);
        compare(answer, expect, earlier);
        earlier.set(id, answer);
      }
      passed[level] = (passed[level] ?? 0) + 1;
    } catch (error) {
      failures.push(`${level} ${id}: ${error.message}`);
    }
  }
  return { passed, failures };
}

if (realpathSync(process.argv[1] ?? "") === fileURLToPath(import.meta.url)) {
  const base = (process.argv[2] ?? "").replace(/\/$/, "");
  if (!URL.canParse(base)) throw new Error("usage: node scenario.mjs URL [IDENTIFIER]");
  const { passed, failures } = await run((path, init) => fetch(base + path, init), process.argv[3] ?? base);
  for (const [level, count] of Object.entries(passed)) console.log(`${level}: ${count} cases passed`);
  for (const failure of failures) console.log(`not ok ${failure}`);
  process.exitCode = failures.length > 0 ? 1 : 0;
}
