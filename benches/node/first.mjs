// first.mjs FOLDER ENGINE: milliseconds of processor time from importing an engine to its first decision, in a process that
// has done nothing else, on stdout; unlike the time of the clock, it says the same on a busy machine.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { engines } from "./engines.mjs";
import { load } from "./load.mjs";
import { key } from "./question.mjs";

const [folder, name] = process.argv.slice(2);
const { questions, group } = JSON.parse(readFileSync(join(folder, "given.json"), "utf8"));
const before = process.cpuUsage();
const engine = await engines[name]({ questions, key, load });
engine.can(engine.start(group[0]), questions[0].id);
const { user, system } = process.cpuUsage(before);
console.log((user + system) / 1000);
