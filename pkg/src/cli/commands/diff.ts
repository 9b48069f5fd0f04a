// `privet diff`: what each role and each person gains and loses between two versions of a policy.
import type { Command } from "commander";
import { action, named, oneOf, oneStandardInput, print, warn, write, type Common, type Status } from "../command.js";
import { movesOf } from "../diff/moves.js";
import { versionFrom } from "../diff/revision.js";
import { joined, readPeople, type People } from "../documents/people.js";
import { describe, factsFrom, openSource, timeFrom, type Opened } from "../documents/policy.js";
import { EXIT } from "../faults.js";
import { writeInto } from "../files.js";
import type { DiffOutput, Moves } from "../outputs.js";
import { diffMarkdown } from "../reports/diff-markdown.js";
import { diffText } from "../reports/diff-text.js";
import { coloursOf } from "../terminal.js";

interface Options extends Common {
  readonly people?: string;
  readonly facts?: string;
  readonly now?: string;
  readonly format: string;
  readonly failOn?: readonly string[];
  readonly out?: string;
}

/** What `--fail-on` can name. */
const FINDINGS = ["gained", "lost", "menu", "obligations", "any"] as const;

/** Declares `diff`. */
export function diff(program: Command): void {
  const command = program
    .command("diff")
    .description("show what roles and people gain and lose between two versions of a policy")
    .argument("<old>", "document or pack, or REVISION:PATH of a git repository")
    .argument("<new>", "document or pack, or REVISION:PATH of a git repository")
    .option("--people <file>", "people: a file as for matrix")
    .option("--facts <file>", "JSON file of facts that hold for everybody")
    .option("--now <time>", "the time for grants that end: seconds since 1970, or a date; by default the present")
    .option("--format <format>", "text or markdown (for a comment of a pull request)", "text")
    .option("--fail-on <finding...>", `exit with 1 if there is one: ${FINDINGS.join(", ")}`)
    .option("-o, --out <folder>", "write diff.txt or diff.md into this folder");
  const examples = [
    "diff old.privet.jsonc shop.privet.jsonc",
    "diff main:shop.privet.jsonc shop.privet.jsonc --format markdown",
    "diff HEAD~1:shop.privet.jsonc HEAD:shop.privet.jsonc --people staff.json --fail-on lost",
  ];
  action(command, examples, run);
}

async function run(old: string, now: string, options: Options): Promise<Status> {
  const format = oneOf("--format", options.format, ["text", "markdown"]);
  const failOn = (options.failOn ?? []).map((one) => oneOf("--fail-on", one, FINDINGS));
  oneStandardInput(old, now, options.people, options.facts);
  const [before, after] = [await openSource(versionFrom(old)), await openSource(versionFrom(now))];
  for (const version of [before, after]) describe(version); // a stripped pack cannot be compared
  const everybody =
    options.people === undefined
      ? { people: [], errors: [] }
      : await readPeople(options.people, () => joined(describe(before), describe(after)), warn);
  const output = compared(before, after, everybody, options);
  const text = () => (format === "markdown" ? diffMarkdown(output) : diffText(output, coloursOf(process.stdout)));
  if (options.out === undefined || options.json) print(options, output, text);
  else
    write(
      writeInto(options.out, { [format === "markdown" ? "diff.md" : "diff.txt"]: text() })
        .map((file) => `wrote ${file}`)
        .join("\n"),
    );
  const isFinding = output.errors.length > 0 || failOn.some((finding) => isFound(output, finding));
  return isFinding ? EXIT.findings : EXIT.ok;
}

function compared(before: Opened, after: Opened, everybody: People, options: Options): DiffOutput {
  const { tools } = after;
  const context = {
    before: before.policy,
    after: after.policy,
    facts: factsFrom(options.facts, before.policy, after.policy),
    now: timeFrom(options.now),
    errors: [...everybody.errors],
  };
  const roles = [...new Set([...before.policy.roles, ...after.policy.roles])];
  const ofRole = (role: string): Moves =>
    movesOf(context, role, {
      before: before.policy.roles.includes(role) ? { roles: [role] } : {},
      after: after.policy.roles.includes(role) ? { roles: [role] } : {},
    });
  return {
    command: "diff",
    before: named(before.policy),
    after: named(after.policy),
    difference: tools.compare(before.policy, after.policy),
    staleTokens: before.policy.layout !== after.policy.layout,
    roles: roles.map(ofRole).filter(isMove),
    people: everybody.people
      .map(({ name, subject }) => movesOf(context, name, { before: subject, after: subject }))
      .filter(isMove),
    errors: context.errors,
  };
}

const isMove = ({ name: _, ...lists }: Moves): boolean => Object.values(lists).some((list) => list.length > 0);

/** Whether the versions differ in a way that `--fail-on` names. */
function isFound({ difference, staleTokens, roles, people }: DiffOutput, finding: (typeof FINDINGS)[number]): boolean {
  const moves = [...roles, ...people];
  const { changed, added, removed, unanswered = [] } = difference;
  const decides = (side: "before" | "after") =>
    changed.some((one) => one.kind === "operation" && one.witness && one[side] === "allowed");
  switch (finding) {
    case "gained":
      return moves.some(({ gained, mayGain }) => gained.length + mayGain.length > 0) || decides("after");
    case "lost":
      return moves.some(({ lost, mayLose }) => lost.length + mayLose.length > 0) || decides("before");
    case "menu":
      return (
        moves.some(({ shown, hidden }) => shown.length + hidden.length > 0) ||
        changed.some(({ kind }) => kind === "menu")
      );
    case "obligations":
      return (
        moves.some(({ owed, notOwed }) => owed.length + notOwed.length > 0) ||
        changed.some(({ kind }) => kind === "obligation")
      );
    case "any":
      return staleTokens || changed.length + added.length + removed.length + unanswered.length + moves.length > 0;
  }
}
