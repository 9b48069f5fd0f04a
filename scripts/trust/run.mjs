// Runs the parts of `make trust` in two lanes, shows their progress, and prints their figures as a table. A part is a command whose last lines of
// output are JSON objects: `part`, and figures by name. A figure of a name in ZERO must be 0. A part that fails, or prints no figures, is missing.
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const node = (file, ...args) => ["node", `scripts/trust/${file}`, ...args];
const bash = (file, ...args) => ["bash", `scripts/${file}`, ...args];

/**
 * The name of each part, its command, and about how many minutes it takes on two cores from cold, while another one runs beside it. Most parts
 * need the package and what is built with it: the step `package`, which is no part.
 */
const prepare = { name: "package", command: bash("prepare.sh"), minutes: 9 };
const parts = [
  { name: "fuzzing", command: bash("fuzz.sh"), minutes: 6, needs: prepare },
  // Node.js 20 ends with "unreachable code" where it takes back what it has optimised while modules of WebAssembly are loaded that Cedar's compiler made
  { name: "cedar", command: ["node", "--no-opt", "scripts/trust/cedar.mjs"], minutes: 2, needs: prepare },
  { name: "others", command: ["node", "--no-opt", "scripts/trust/others.mjs"], minutes: 1, needs: prepare },
  { name: "bounds", command: bash("trust/bounds.sh"), minutes: 3 },
  { name: "enumeration", command: bash("trust/enumeration.sh"), minutes: 4, needs: prepare },
  { name: "mutation", command: node("mutants.mjs", "sample"), minutes: 9 },
  { name: "package-mutation", command: node("package-mutants.mjs", "sample"), minutes: 6, needs: prepare },
  { name: "model", command: node("model.mjs"), minutes: 2, needs: prepare },
  { name: "state", command: node("state.mjs"), minutes: 1, needs: prepare },
  { name: "memory", command: bash("trust/memory.sh"), minutes: 4, needs: prepare },
  { name: "supply", command: bash("trust/supply.sh"), minutes: 1 },
  { name: "reproduce", command: bash("trust/reproduce.sh"), minutes: 6, needs: prepare },
  { name: "coverage", command: bash("trust/coverage.sh"), minutes: 14 },
  { name: "package-coverage", command: bash("trust/package-coverage.sh"), minutes: 9, needs: prepare },
];
/** What must be 0. */
const ZERO = [
  "crashes",
  "differences",
  "faults",
  "violations",
  "new survivors",
  "failures",
  "grown",
  "undefined behaviour",
  "over bounds",
  "wrong allows",
  "traps",
];

const wanted = process.argv.slice(2);
for (const name of wanted) {
  if (parts.some((part) => part.name === name)) continue;
  console.error(
    `privet: error: no part \`${name}\`\nprivet: what to do: use ${parts.map((part) => part.name).join(", ")}`,
  );
  process.exit(1);
}

const start = Date.now();
const clock = () => {
  const seconds = Math.round((Date.now() - start) / 1000);
  return `${String(Math.floor(seconds / 60)).padStart(2)}:${String(seconds % 60).padStart(2, "0")}`;
};

/** Runs a part. Its figures are the lines of its output that are JSON objects; everything else is progress. */
function run({ name, command: [program, ...args], minutes }) {
  console.error(`${clock()} ${name}: begins (about ${minutes} min)`);
  const began = Date.now();
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    const figures = [];
    createInterface({ input: child.stdout }).on("line", (line) => {
      try {
        const found = line.startsWith("{") ? JSON.parse(line) : undefined;
        if (found) return figures.push(found);
      } catch {
        // a line of progress
      }
      return console.error(`${clock()} ${name}: ${line}`);
    });
    createInterface({ input: child.stderr }).on("line", (line) =>
      console.error(`${clock()} ${name}: ${line.replace(/^privet: /, "")}`),
    );
    child.on("close", (code) => {
      const seconds = Math.round((Date.now() - began) / 1000);
      console.error(`${clock()} ${name}: ${code === 0 ? "done" : `failed (exit status ${code})`} in ${seconds} s`);
      resolve({ name, code, seconds, figures });
    });
    child.on("error", (error) => console.error(`${clock()} ${name}: ${error.message}`));
  });
}

const results = [];
// The longest first, so that both cores end at about the same time; what others need before all
const chosen = parts
  .filter(({ name }) => wanted.length === 0 || wanted.includes(name))
  .sort((a, b) => b.minutes - a.minutes);
const queue = chosen.some(({ needs }) => needs) ? [prepare, ...chosen] : chosen;
const prepared = new Set([undefined]);
let preparing = Promise.resolve();
const lane = async () => {
  while (queue.length > 0) {
    const at = queue.findIndex(({ needs }) => prepared.has(needs));
    if (at < 0) {
      await preparing;
      continue;
    }
    const [part] = queue.splice(at, 1);
    const running = run(part);
    if (part !== prepare) {
      results.push(await running);
      continue;
    }
    preparing = running;
    // Without it, the parts that need it are missing
    if ((await running).code === 0) prepared.add(prepare);
    else for (const left of queue.splice(0)) if (!left.needs) queue.push(left);
  }
};
await Promise.all([lane(), lane()]);

const rows = [];
let bad = 0;
for (const { name } of parts) {
  if (!chosen.some((part) => part.name === name)) continue;
  const result = results.find((one) => one.name === name);
  if (!result || result.figures.length === 0) {
    bad++;
    rows.push([name, "missing", "", "no figures"]);
    continue;
  }
  let isBad = result.code !== 0;
  for (const { part, ...figures } of result.figures) {
    const zero = Object.entries(figures).filter(([figure]) => ZERO.includes(figure));
    const wrong = zero.filter(([, value]) => value !== 0);
    isBad ||= wrong.length > 0;
    const done = Object.entries(figures).filter(
      ([figure, value]) => !ZERO.includes(figure) && typeof value !== "object",
    );
    const shown = ([figure, value]) => `${figure} ${typeof value === "number" ? value.toLocaleString("en") : value}`;
    rows.push([
      figures.target ? `${part}: ${figures.target}` : part,
      done
        .filter(([figure]) => figure !== "target" && figure !== "sha256")
        .map(shown)
        .join(", "),
      zero.map(shown).join(", "),
      wrong.length > 0 ? "FAULT" : result.code !== 0 ? "FAILED" : `${result.seconds} s`,
    ]);
  }
  if (isBad) bad++;
}
const head = ["part", "what was done", "must be 0", ""];
const widths = head.map((_, at) => Math.min(90, Math.max(...[head, ...rows].map((row) => row[at].length))));
const line = (row) => `| ${row.map((cell, at) => cell.padEnd(widths[at])).join(" | ")} |`;
const table = [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
console.log(table);
mkdirSync(join(root, "target/trust"), { recursive: true });
writeFileSync(join(root, "target/trust/table.md"), `${table}\n`);
writeFileSync(join(root, "target/trust/figures.json"), `${JSON.stringify(results, null, 2)}\n`);
console.log(`${chosen.length - bad} of ${chosen.length} parts without a fault, in ${clock().trim()} min`);
process.exitCode = bad === 0 ? 0 : 1;
