// Prints the figures of hosts side by side: node table.mjs FILE, with one JSON object a line.
import { readFileSync } from "node:fs";

const rows = readFileSync(process.argv[2], "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line));
const shown = (value) => (value === undefined ? "–" : `${Number(value.toPrecision(3))} µs`);
console.log("| host | instantiate | open Contact | session + can | can | memory |\n|---|---|---|---|---|---|");
for (const { host, instantiate, open, session, can, memory } of rows)
  console.log(
    `| ${host} | ${[instantiate, open, session, can].map(shown).join(" | ")} | ${memory === undefined ? "–" : `${memory / 1024} KiB`} |`,
  );
