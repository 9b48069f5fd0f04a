// Properties of the state of the page (www/test/state.test.mjs), with more cases than `make test` runs. STATE_RUNS: how many of each property;
// STATE_SEED: which, else a new one each time. Prints one line of JSON.
import { spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const runs = Number(process.env.STATE_RUNS ?? 1000);
const seed = Number(process.env.STATE_SEED ?? randomInt(2 ** 31));
const { stdout } = spawnSync(process.execPath, ["--test", "--test-reporter=tap", "www/test/state.test.mjs"], {
  cwd: root,
  encoding: "utf8",
  env: { ...process.env, PRIVET_RUNS: String(runs), PRIVET_SEED: String(seed), NODE_OPTIONS: "" },
});
const count = (name) => Number(new RegExp(`^# ${name} (\\d+)$`, "m").exec(stdout)?.[1] ?? Number.NaN);
const [passed, failed] = [count("pass"), count("fail")];
if (!(passed > 0) || failed > 0) console.error(stdout);
console.log(
  JSON.stringify({
    part: "state of the page",
    properties: passed,
    "cases of each": runs,
    seed: String(seed),
    failures: passed > 0 ? failed : 1,
  }),
);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
