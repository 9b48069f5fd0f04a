// The page of `browser.mjs`: asks the three engines that a page would take, compares their answers, and measures.
import { ALL, EAGER, answers, times } from "./asking.mjs";
import { engines } from "./engines.mjs";
import { key } from "./question.mjs";
import * as casl from "@casl/ability";
import * as privet from "privet";
import * as contact from "privet/policies/contact";

const packages = { privet, "privet/policies/contact": contact, "@casl/ability": casl };
const load = async (name) => packages[name];

async function run() {
  const given = await (await fetch("given.json")).json();
  const made = {};
  let expected;
  let eager;
  for (const name of ["privet", "closures", "@casl/ability"]) {
    if (name === "@casl/ability") eager = times(made, given, EAGER);
    made[name] = await engines[name]({ questions: given.questions, key, load });
    const found = answers(made[name], given);
    if (found !== (expected ??= found)) throw new Error(`${name} gives other answers than Privet`);
  }
  return { agent: navigator.userAgent, compared: expected.length * 3, times: { ...times(made, given, ALL), ...eager } };
}

const told = await run().catch((error) => ({ error: String(error.stack) }));
await fetch("result", { method: "POST", body: JSON.stringify(told) });
