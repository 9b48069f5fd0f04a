// The page of `browser.mjs`: measures the engines that a page could use, after comparing their answers.
import * as casl from "@casl/ability";
import * as privet from "privet";
import * as contact from "privet/policies/contact";
import { engines } from "./engines.mjs";
import { ALL, EAGER, answers, times } from "./measure.mjs";
import { key } from "./workload.mjs";

const packages = { privet, "privet/policies/contact": contact, "@casl/ability": casl };
const load = async (name) => packages[name];

async function run() {
  const workload = await (await fetch("workload.json")).json();
  const made = {};
  let expected;
  let eager;
  for (const name of ["privet", "closures", "@casl/ability"]) {
    if (name === "@casl/ability") eager = times(made, workload, EAGER);
    made[name] = await engines[name]({ questions: workload.questions, key, load });
    const found = answers(made[name], workload);
    expected ??= found;
    if (found !== expected) throw new Error(`${name} gives other answers than Privet`);
  }
  const all = { ...times(made, workload, ALL), ...eager };
  return { agent: navigator.userAgent, compared: expected.length * 3, times: all };
}

const result = await run().catch((error) => ({ error: String(error.stack) }));
await fetch("result", { method: "POST", body: JSON.stringify(result) });
