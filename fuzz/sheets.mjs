// Random tables and random bytes for the reader of tables, for FUZZ_SECONDS. There is no coverage to go by, so half of the inputs are tables that
// are written by the rules of CSV, whose cells must come back as they were, and half are those with bytes changed. Prints the number of inputs.
import assert from "node:assert/strict";
import { writeFileSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { load } from "../pkg/test/support/package.mjs";
import { random } from "../pkg/test/support/random.mjs";
import { utf16, workbookOf } from "../pkg/test/support/sheets.mjs";

const { readSheets, SheetError } = await load("privet/sheets");
const { below, pick, chance } = random(Number(process.env.FUZZ_SEED ?? 1));
const found = fileURLToPath(new URL("../target/fuzz/found/sheets/", import.meta.url));
const end = Date.now() + 1_000 * Number(process.env.FUZZ_SECONDS ?? 10);

const LETTERS = [..."abcXYZ019 .-_:/äß€😀\"',;|\t\n"];
const text = () => Array.from({ length: below(9) }, () => pick(LETTERS)).join("");
/** A table of texts in which no row is blank and the width is the same, so that nothing is left out. */
function table() {
  const width = 2 + below(4);
  return Array.from({ length: 1 + below(6) }, (_, row) => [`r${row}`, ...Array.from({ length: width - 1 }, text)]);
}

/** A table as CSV: cells with a separator, quotation mark, line end or outer blanks are quoted, others sometimes. */
function csv(rows, separator) {
  const end = pick(["\n", "\r\n", "\r"]);
  const must = (cell) => /["\r\n]|^\s|\s$/.test(cell) || cell.includes(separator);
  const written = (cell) => (must(cell) || chance(0.2) ? `"${cell.replaceAll('"', '""')}"` : cell);
  return rows.map((cells) => cells.map(written).join(separator)).join(end) + pick(["", end]);
}

const encodings = [
  (text) => Buffer.from(text),
  (text) => Buffer.from(`\ufeff${text}`),
  (text) => utf16(`\ufeff${text}`, false),
  (text) => utf16(`\ufeff${text}`, true),
];

/** Bytes with some of them changed, left out or written twice. */
function damaged(bytes) {
  const list = [...bytes];
  for (let times = 1 + below(6); times > 0 && list.length > 0; times--) {
    const at = below(list.length);
    if (chance(0.4)) list[at] = below(256);
    else if (chance(0.5)) list.splice(at, 1 + below(20));
    else list.splice(at, 0, ...list.slice(below(list.length)).slice(0, below(30)));
  }
  return Uint8Array.from(list);
}

/** Whether what the reader gives is a table, or a refusal with a code. */
async function reads(bytes, options) {
  try {
    const sheets = await readSheets(bytes, options);
    for (const { rows } of sheets)
      for (const { at, cells } of rows)
        assert.ok(Number.isInteger(at) && cells.every((cell) => typeof cell === "string"));
    return sheets;
  } catch (error) {
    if (!(error instanceof SheetError)) throw error;
    return undefined;
  }
}

let count = 0;
let bytes = new Uint8Array();
try {
  for (; Date.now() < end; count++) {
    const rows = table();
    if (chance(0.2)) {
      const plain = rows.map((cells) => cells.map((cell) => cell.replaceAll(/[\n\t]/g, " ").trim()));
      bytes = workbookOf({ A: plain });
      const sheets = await reads(bytes);
      assert.deepEqual(
        sheets?.[0].rows.map(({ cells }) =>
          cells
            .map((cell) => cell.trim())
            .join("|")
            .replace(/\|+$/, ""),
        ),
        plain.map((cells) => cells.join("|").replace(/\|+$/, "")),
      );
    } else {
      const separator = pick([",", ";", "\t", "|"]);
      bytes = pick(encodings)(csv(rows, separator));
      const sheets = await reads(bytes, { separator });
      assert.deepEqual(
        sheets?.[0].rows.map(({ cells }) => [...cells]),
        rows,
      );
    }
    bytes = damaged(bytes);
    await reads(bytes);
  }
  console.log(2 * count);
} catch (error) {
  mkdirSync(found, { recursive: true });
  const path = `${found}crash-${Date.now()}`;
  writeFileSync(path, bytes);
  console.error(`${path}\n${error.stack}`);
  console.log(2 * count);
  process.exit(1);
}
