// Milliseconds of processor time from the start of a process to its first decision, on stdout: unlike the time of the clock,
// it says the same on a busy machine. `first.mjs` alone: to a process that does nothing.
import { engines } from "./engines.mjs";
import { key } from "./question.mjs";
import { readFileSync } from "node:fs";

const [name, file] = process.argv.slice(2);
if (name) {
  const { questions, person } = JSON.parse(readFileSync(file, "utf8"));
  const engine = await engines[name]({ questions, key });
  engine.can(engine.start(person), questions[0].id);
}
const { user, system } = process.cpuUsage();
console.log((user + system) / 1000);
