// first-decision.mjs FOLDER ENGINE: prints the milliseconds of CPU time from importing an engine to its first decision, in a
// fresh process. CPU time, unlike wall-clock time, does not depend on the load of the machine.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { engines } from "./engines.mjs";
import { load } from "./load.mjs";
import { key } from "./workload.mjs";

const [folder, name] = process.argv.slice(2);
const { questions, group } = JSON.parse(readFileSync(join(folder, "workload.json"), "utf8"));
const before = process.cpuUsage();
const engine = await engines[name]({ questions, key, load });
engine.can(engine.start(group[0]), questions[0].id);
const { user, system } = process.cpuUsage(before);
console.log((user + system) / 1000);
