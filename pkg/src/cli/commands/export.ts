// `privet export`: a policy in the language of another engine.
import type { Command } from "commander";
import { PrivetError } from "privet";
import { toCedar, toCedarSubject, type CedarEntity, type CedarSubject } from "privet/cedar";
import { action, named, oneOf, oneStandardInput, print, warn, write, type Common, type Status } from "../command.js";
import { distinctNames, readPeople } from "../documents/people.js";
import { describe, factsFrom, openPolicy, timeFrom, withFacts } from "../documents/policy.js";
import { EXIT } from "../faults.js";
import { writeInto } from "../files.js";
import type { ExportOutput } from "../outputs.js";
import { printable } from "../terminal.js";

interface Options extends Common {
  readonly to: string;
  readonly people?: string;
  readonly facts?: string;
  readonly now?: string;
  readonly out?: string;
}

/** Declares `export`. */
export function exportPolicy(program: Command): void {
  const command = program
    .command("export")
    .description("translate a policy to another engine: schema, policies, roles and people")
    .argument("<file>", "policy document or pack, or - for standard input")
    .requiredOption("--to <engine>", "cedar")
    .option("--people <file>", "people, who become entities, each with a name of their own: a file as for matrix")
    .option("--facts <file>", "JSON file of facts that hold for everybody")
    .option("--now <time>", "the time for grants that end: seconds since 1970, or a date; by default the present")
    .option("-o, --out <folder>", "the folder for the files; by default the policies are printed");
  action(
    command,
    [
      "export shop.privet.jsonc --to cedar -o cedar",
      "export shop.privet.jsonc --to cedar --people people.json -o cedar",
    ],
    run,
  );
}

async function run(path: string, options: Options): Promise<Status> {
  const to = oneOf("--to", options.to, ["cedar"] as const);
  oneStandardInput(path, options.people, options.facts);
  const opened = await openPolicy(path);
  const { policy } = opened;
  const description = describe(opened);
  const facts = factsFrom(options.facts, policy);
  const now = timeFrom(options.now);
  const { schema, policies, entities, omitted } = toCedar(description);
  const everybody =
    options.people === undefined
      ? { people: [], errors: [] }
      : await readPeople(options.people, () => description, warn);
  if (options.people !== undefined) distinctNames(everybody.people, options.people);
  const errors = [...everybody.errors];
  const people = new Map<string, CedarSubject>();
  for (const { name, subject } of everybody.people)
    try {
      const person = toCedarSubject(description, policy.session(withFacts(subject, facts), { now }), name);
      people.set(name, person);
      if (person.missing.length > 0) {
        const missing = person.missing.map((id) => `\`${id}\``).join(", ");
        errors.push({
          name,
          message: `not known: ${missing}; Cedar refuses a request without it, so give it, or --facts`,
        });
      }
    } catch (thrown) {
      if (!(thrown instanceof PrivetError)) throw thrown;
      errors.push({ name, message: thrown.message });
    }
  const files = {
    [`${policy.id}.cedarschema`]: schema,
    [`${policy.id}.cedar`]: policies,
    [`${policy.id}.entities.json`]: json<CedarEntity[]>([...entities, ...[...people.values()].map((it) => it.entity)]),
    ...(people.size > 0 && {
      [`${policy.id}.contexts.json`]: json(
        Object.fromEntries([...people].map(([name, { context }]) => [name, context])),
      ),
    }),
  };
  const written = options.out === undefined ? [] : writeInto(options.out, files);
  const output: ExportOutput = {
    command: "export",
    policy: named(policy),
    to,
    written,
    ...(options.out === undefined && { files }),
    omitted,
    errors,
  };
  if (options.json) print(options, output, () => "");
  else {
    write(options.out === undefined ? policies : written.map((file) => `wrote ${file}`).join("\n"));
    for (const { kind, id, reason } of omitted)
      process.stderr.write(`note: ${kind}${id === undefined ? "" : ` \`${printable(id)}\``}: ${reason}\n`);
    for (const { name, message } of errors) warn(`${name}: ${message}`);
  }
  return errors.length > 0 || omitted.some(({ id }) => id !== undefined) ? EXIT.findings : EXIT.ok;
}

const json = <T>(value: T): string => `${JSON.stringify(value, null, 2)}\n`;
