// apart.mjs FOLDER ENGINE: answers and times of one engine as JSON on stdout, in a process of its own.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ALL, answers, times } from "./asking.mjs";
import { engines } from "./engines.mjs";
import { load } from "./load.mjs";
import { key } from "./question.mjs";

const [folder, name] = process.argv.slice(2);
const given = JSON.parse(readFileSync(join(folder, "given.json"), "utf8"));
const engine = await engines[name]({ questions: given.questions, key, load });
console.log(JSON.stringify({ answers: answers(engine, given), times: times({ [name]: engine }, given, ALL) }));
