// isolated.mjs FOLDER ENGINE: prints the answers and times of one engine as JSON, measured in a process of its own.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { engines } from "./engines.mjs";
import { load } from "./load.mjs";
import { ALL, answers, times } from "./measure.mjs";
import { key } from "./workload.mjs";

const [folder, name] = process.argv.slice(2);
const workload = JSON.parse(readFileSync(join(folder, "workload.json"), "utf8"));
const engine = await engines[name]({ questions: workload.questions, key, load });
console.log(JSON.stringify({ answers: answers(engine, workload), times: times({ [name]: engine }, workload, ALL) }));
