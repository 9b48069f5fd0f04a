// `privet matrix`: roles or people by operations, as a table, CSV or HTML.
import type { Command } from "commander";
import { PrivetError, type Decision, type Policy, type Subject } from "privet";
import { action, named, oneOf, oneStandardInput, print, warn, write, type Common, type Status } from "../command.js";
import { hasLines } from "../documents/lines.js";
import { readPeople } from "../documents/people.js";
import { describe, factsFrom, openPolicy, timeFrom, withFacts } from "../documents/policy.js";
import { EXIT, Fault } from "../faults.js";
import { writeInto } from "../files.js";
import type { MatrixOutput } from "../outputs.js";
import { csv } from "../reports/csv.js";
import { matrixPage } from "../reports/matrix-page.js";
import { streamMatrix } from "../reports/matrix-stream.js";
import { columns, counted, printable } from "../terminal.js";

interface Options extends Common {
  readonly format?: string;
  readonly facts?: string;
  readonly now?: string;
  readonly out?: string;
  readonly whoCan?: string;
}

/** Declares `matrix`. */
export function matrix(program: Command): void {
  const command = program
    .command("matrix")
    .description("show which roles, or people, may do what")
    .argument("<file>", "policy document or pack")
    .argument(
      "[people]",
      "JSON file: a list of subjects with names, or subjects by name; .jsonl: a subject in each line; .csv, .tsv: a row for each, with columns of names, roles, privileges and facts; by default the roles of the policy",
    )
    .option(
      "--format <format>",
      "table, csv or html; of people in .jsonl and .csv files csv or jsonl, with a line for each person",
    )
    .option(
      "--who-can <operation>",
      "of people in .jsonl and .csv files: only the names of those to whom it is allowed",
    )
    .option("--facts <file>", "JSON file of facts that hold for everybody")
    .option("--now <time>", "the time for grants that end: seconds since 1970, or a date; by default the present")
    .option("-o, --out <folder>", "write matrix.csv, matrix.jsonl, matrix.html or matrix.txt into this folder");
  action(
    command,
    [
      "matrix shop.privet.jsonc",
      "matrix shop.privet.jsonc people.json --format csv > matrix.csv",
      "matrix shop.privet.jsonc --format html -o public",
      "matrix shop.privet.jsonc everybody.jsonl --format csv -o reports",
      "matrix shop.privet.jsonc everybody.csv --who-can orders.refund > who.csv",
    ],
    run,
  );
}

async function run(path: string, people: string | undefined, options: Options): Promise<Status> {
  const isStreamed = people !== undefined && hasLines(people);
  if (!isStreamed && options.whoCan !== undefined)
    throw new Fault("`--who-can` is for people in JSON lines or CSV; give a file that ends with .jsonl or .csv");
  oneStandardInput(path, people, options.facts);
  const opened = await openPolicy(path);
  const { policy } = opened;
  const described = () => describe(opened);
  const facts = factsFrom(options.facts, policy);
  const now = timeFrom(options.now);
  if (isStreamed) {
    if (options.json)
      throw new Fault("people in JSON lines or CSV have no one object; give `--format jsonl` instead of `--json`");
    const format = oneOf("--format", options.format ?? "csv", ["csv", "jsonl"]);
    const { whoCan, out } = options;
    const { refused, file } = await streamMatrix(policy, described, people, {
      format,
      whoCan,
      facts,
      now,
      out,
    });
    if (file !== undefined) write(`wrote ${file}`);
    return refused > 0 ? EXIT.findings : EXIT.ok;
  }
  const format = oneOf("--format", options.format ?? "table", ["table", "csv", "html"]);
  const everybody =
    people === undefined
      ? { people: policy.roles.map((role) => ({ name: role, subject: { roles: [role] } })), errors: [] }
      : await readPeople(people, described, warn);
  const errors = [...everybody.errors];
  const rows = everybody.people.flatMap(({ name, subject }) => {
    try {
      return [{ name, decisions: decisionsOf(policy, withFacts(subject, facts), now) }];
    } catch (thrown) {
      if (!(thrown instanceof PrivetError)) throw thrown;
      errors.push({ name, message: thrown.message });
      return [];
    }
  });
  const output: MatrixOutput = {
    command: "matrix",
    policy: named(policy),
    operations: policy.operations,
    rows,
    errors,
  };
  const texts = {
    csv: () => csv(sheetOf(output)),
    html: () => matrixPage(described(), output),
    table: () => tableOf(output),
  };
  if (options.out === undefined || options.json) print(options, output, texts[format]);
  else {
    const name = `matrix.${format === "table" ? "txt" : format}`;
    write(
      writeInto(options.out, { [name]: texts[format]() })
        .map((file) => `wrote ${file}`)
        .join("\n"),
    );
  }
  if (!options.json) for (const { name, message } of errors) warn(`${name}: ${message}`);
  return errors.length > 0 ? EXIT.findings : EXIT.ok;
}

function decisionsOf(policy: Policy, subject: Subject, now: number): Decision[] {
  const session = policy.session(subject, { now });
  return policy.operations.map((operation) => session.decide(operation).decision);
}

/** One row for each operation, one column for each role or person: there are more operations than roles. */
function sheetOf({ operations, rows }: MatrixOutput): string[][] {
  const heading = ["operation", ...rows.map(({ name }) => name)];
  return [
    heading,
    ...operations.map((operation, index) => [operation, ...rows.map(({ decisions }) => decisions[index]!)]),
  ];
}

function tableOf(output: MatrixOutput): string {
  const marks = { allowed: "x", denied: ".", undecided: "?" };
  const [heading = [], ...rows] = sheetOf(output);
  const cells = rows.map(([operation = "", ...decisions]) => [
    operation,
    ...decisions.map((one) => marks[one as Decision]),
  ]);
  const legend = "x allowed, . denied, ? depends on facts that are not given (--facts)";
  const people = counted(output.rows.length, "column");
  return `${columns([heading, ...cells].map((row) => row.map(printable)))}\n\n${legend}; ${people}`;
}
