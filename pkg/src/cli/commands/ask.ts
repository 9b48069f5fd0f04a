// `privet decide`, `explain` and `fixes`: the questions about one subject.
import type { Command } from "commander";
import type { Session } from "privet";
import type { TestNode } from "privet/studio";
import { action, named, oneOf, oneStandardInput, print, type Common, type Status } from "../command.js";
import { openWithDocument, openPolicy, sessionFrom } from "../documents/policy.js";
import { EXIT, Fault } from "../faults.js";
import type { DecideOutput } from "../outputs.js";
import { coloursOf, columns, printable, type Colours } from "../terminal.js";

interface Options extends Common {
  readonly now?: string;
}

interface DecideOptions extends Options {
  readonly failOn?: string;
}

interface FixesOptions extends Options {
  readonly to: string;
  readonly frozen?: readonly string[];
  readonly through?: string;
  readonly limit?: string;
}

/** Declares `decide`, `explain` and `fixes`. */
export function ask(program: Command): void {
  const about = (name: string, description: string) =>
    program
      .command(name)
      .description(description)
      .argument("<file>", "policy document or pack")
      .argument("<subject>", "JSON file of a subject (roles, grants, facts), or - for standard input")
      .option("--now <time>", "the time for grants that end: seconds since 1970, or a date; by default the present");
  action(
    about("decide", "decide operations for a subject")
      .argument("[operation...]", "operation ids; by default all")
      .option("--fail-on <decision>", "exit with 1 if an operation is denied: denied (undecided included)"),
    [
      "decide shop.privet.jsonc mia.json",
      'echo \'{"roles":["clerk"]}\' | privet decide shop.privet.jsonc - orders.edit',
    ],
    decide,
  );
  action(
    about("explain", "say why an operation is allowed, denied or undecided").argument("<operation>", "operation id"),
    ["explain shop.privet.jsonc mia.json orders.edit"],
    explain,
  );
  action(
    about("fixes", "find the smallest changes after which an operation is allowed")
      .argument("<operation>", "operation id")
      .option("--to <decision>", "allowed or denied", "allowed")
      .option("--frozen <id...>", "ids that must not change")
      .option("--through <place>", "subject, role or both: where to grant")
      .option("--limit <count>", "the most fixes to list"),
    [
      "fixes shop.privet.jsonc mia.json orders.edit",
      "fixes shop.privet.jsonc mia.json orders.edit --frozen returns-on",
    ],
    fixes,
  );
}

/** The word of a decision in its colour. */
function coloured(decision: string, colours: Colours): string {
  return decision === "allowed"
    ? colours.green(decision)
    : decision === "denied"
      ? colours.red(decision)
      : colours.yellow(decision);
}

async function decide(
  path: string,
  subject: string,
  operations: readonly string[],
  options: DecideOptions,
): Promise<Status> {
  if (options.failOn !== undefined) oneOf("--fail-on", options.failOn, ["denied"]);
  oneStandardInput(path, subject);
  const { policy } = await openPolicy(path);
  const session = sessionFrom(policy, subject, options.now);
  const asked = operations.length > 0 ? operations : policy.operations;
  const decided = asked.map((operation) => ({ operation, ...session.decide(operation) }));
  const output: DecideOutput = {
    command: "decide",
    policy: named(policy),
    operations: decided,
    shown: shownIn(session),
  };
  print(options, output, () => {
    const colours = coloursOf(process.stdout);
    const lines = columns(
      decided.map(({ operation, decision, obligations }) => [
        operation,
        decision,
        obligations.length ? `owes ${obligations.join(", ")}` : "",
      ]),
    );
    return lines.replace(/(?<= {2})(allowed|denied|undecided)(?= {2}|$)/gm, (word) => coloured(word, colours));
  });
  const isOpen = decided.every(({ decision }) => decision === "allowed");
  return options.failOn === undefined || isOpen ? EXIT.ok : EXIT.findings;
}

/** The ids of the menu items that a session shows. */
function shownIn(session: Session): string[] {
  const shown = (items: ReturnType<Session["menu"]>): string[] =>
    items.flatMap(({ id, state, children }) => (state === "shown" ? [id, ...shown(children)] : []));
  return shown(session.menu());
}

async function explain(path: string, subject: string, operation: string, options: Options): Promise<Status> {
  oneStandardInput(path, subject);
  const { tools, policy } = await openWithDocument(path);
  const explanation = tools.explain(sessionFrom(policy, subject, options.now), operation);
  print(options, { command: "explain", policy: named(policy), explanation }, () => {
    const colours = coloursOf(process.stdout);
    return [printable(explanation.sentence), "", ...tree(explanation.tree, colours, "")].join("\n");
  });
  return EXIT.ok;
}

/** The lines of a requirement's tree, with the verdict of each test. */
function tree(node: TestNode, colours: Colours, indent: string): string[] {
  const verdict = { yes: colours.green("yes"), no: colours.red("no"), unknown: colours.yellow("unknown") }[
    node.verdict
  ];
  const text = node.needed ?? { all: "all of", any: "one of", not: "not", test: node.id ?? "" }[node.kind];
  const held = node.kind === "test" && node.held !== undefined ? colours.dim(` (holds ${printable(node.held)})`) : "";
  const because = node.because ? [`${indent}  ${colours.dim(printable(node.because.sentence))}`] : [];
  const children = (node.children ?? []).flatMap((child) => tree(child, colours, `${indent}  `));
  return [`${indent}${text}: ${verdict}${held}`, ...because, ...children];
}

async function fixes(path: string, subject: string, operation: string, options: FixesOptions): Promise<Status> {
  oneStandardInput(path, subject);
  const to = oneOf("--to", options.to, ["allowed", "denied"]);
  const through =
    options.through === undefined ? undefined : oneOf("--through", options.through, ["subject", "role", "both"]);
  if (options.limit !== undefined && !/^[1-9]\d{0,5}$/.test(options.limit))
    throw new Fault(`\`${options.limit}\` is no count for --limit; give a whole number from 1`);
  const { tools, policy } = await openWithDocument(path);
  const session = sessionFrom(policy, subject, options.now);
  const result = tools.fixes(session, operation, {
    to,
    ...(options.frozen && { frozen: options.frozen }),
    ...(through && { through }),
    ...(options.limit !== undefined && { limit: Number(options.limit) }),
  });
  print(options, { command: "fixes", policy: named(policy), operation, result }, () => {
    if (result.fixes.length === 0) return printable(result.sentence ?? "there is no fix");
    const found = result.fixes.map(
      ({ sentence, cost, change }) => `${printable(sentence)}\n  cost ${cost}, change ${JSON.stringify(change)}`,
    );
    const stopped = result.stoppedBy
      ? [`the search met the limit ${result.stoppedBy}: there may be smaller changes`]
      : [];
    return [...found, ...stopped].join("\n");
  });
  return result.fixes.length > 0 ? EXIT.ok : EXIT.findings;
}
