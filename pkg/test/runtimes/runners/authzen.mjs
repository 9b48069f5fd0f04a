// The AuthZEN example: the certification scenario in Node.js and in workerd, and nginx that asks the decision point.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const example = (file) => import(pathToFileURL(join(process.env.PRIVET_AUTHZEN, file)).href);

/** Starts a decision point, and runs the scenario against it. */
async function scenario(start) {
  const [{ cases, run }, { url, dispose }] = [await example("scenario.mjs"), await start(await example("start.mjs"))];
  try {
    const { passed, failures } = await run((path, init) => fetch(new URL(path, url), init));
    if (failures.length) throw new Error(failures.join("\n"));
    const count = Object.values(passed).reduce((sum, of) => sum + of);
    if (count !== cases.length || Object.keys(passed).length !== 7) throw new Error(`only ${count} of ${cases.length}`);
    return `${count} cases of ${Object.keys(passed).join(", ")}`;
  } finally {
    await dispose();
  }
}

export const authzenNode = () => scenario(({ startNode }) => startNode());
export const authzenWorkerd = () => scenario(({ startWorkerd }) => startWorkerd());

/** Requests through nginx: who, what, which path, and the status. */
const requests = [
  ["alice", "GET", "/records/record-1", 200],
  ["alice", "PUT", "/records/record-1?x=1", 200],
  ["bob", "GET", "/records/record-1", 200],
  ["bob", "PUT", "/records/record-1", 403],
  ["alice", "PUT", "/records/record-2", 403], // archived
  ["alice", "DELETE", "/records/record-1", 403],
  ["alice", "POST", "/records/record-1", 403], // no action
  ["alice", "GET", "/records/record-3", 403], // unknown
  ["bob", "GET", "/records/%72ecord-1", 403], // encoded: the service could read another path
  ["bob", "PUT", "/records/record-1%0d%0aX-User:%20alice", 403],
  [undefined, "GET", "/records/record-1", 401],
];

export async function authzenNginx() {
  if (spawnSync("nginx", ["-v"]).error) return { skipped: "nginx is not on PATH" };
  const { url, decisions, dispose } = await (await example("start.mjs")).startNginx();
  const ask = async (user, method, path) => {
    const headers = user ? { authorization: `Basic ${btoa(`${user}:secret`)}`, "x-user": "alice" } : {};
    const response = await fetch(new URL(path, url), { method, headers });
    return [response.status, await response.text()];
  };
  try {
    for (const [user, method, path, wanted] of requests) {
      const [status, body] = await ask(user, method, path);
      const served = status === 200 && JSON.parse(body).served;
      if (status !== wanted || (served && served !== path.split("?")[0]))
        throw new Error(`${user} ${method} ${path}: ${status}, not ${wanted}: ${body}`);
    }
    await decisions.dispose();
    const [status] = await ask("alice", "GET", "/records/record-1");
    if (status !== 500) throw new Error(`${status} without a decision point, not 500`);
    return `${requests.length} requests, and one without a decision point`;
  } finally {
    await dispose();
  }
}
