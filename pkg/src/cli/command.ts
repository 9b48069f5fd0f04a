// What all commands share: options, printing, and the exit status.
import type { Command } from "commander";
import type { Policy } from "privet";
import type { Diagnostic, Studio } from "privet/studio";
import type { Source } from "./documents/source.js";
import { type EXIT, Fault } from "./faults.js";
import type { Output, PolicyName } from "./outputs.js";
import { coloursOf, counted, printable } from "./terminal.js";

/** The exit status of a command. */
export type Status = (typeof EXIT)[keyof typeof EXIT];

/** Options that every command has. */
export interface Common {
  readonly json?: boolean;
}

/** Declares `--json` and examples, and sets the exit status of the action. */
export function action<Arguments extends unknown[]>(
  command: Command,
  examples: readonly string[],
  run: (...args: Arguments) => Promise<Status>,
): void {
  command.option("--json", "print one JSON object (schema: privet/cli.schema.json)");
  command.addHelpText("after", `\nExamples:\n${examples.map((line) => `  $ privet ${line}`).join("\n")}`);
  command.action(async (...args: unknown[]) => {
    process.exitCode = await run(...(args as Arguments));
  });
}

/** Prints the object of `--json`, or what people read. */
export function print(options: Common, output: Output, text: () => string): void {
  if (options.json) write(JSON.stringify(output, null, 2));
  else write(text());
}

/** Writes lines to standard output. */
export function write(text: string): void {
  if (text !== "") process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
}

/** Writes a line to standard error: progress and faults. */
export function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Writes a warning to standard error. */
export function warn(text: string): void {
  tell(`warning: ${printable(text)}`);
}

/** The id, version and fingerprint of a policy. */
export const named = ({ id, version, fingerprint }: Policy): PolicyName => ({ id, version, fingerprint });

/** Diagnostics as a compiler prints them, with colours where `stream` has them. */
export function rendered(
  tools: Studio,
  source: Source,
  diagnostics: readonly Diagnostic[],
  stream: NodeJS.WriteStream,
): string {
  const colours = coloursOf(stream);
  const text = tools.render(diagnostics, source.text, { files: source.files });
  return printable(text)
    .replaceAll(/^ +--> (\d)/gm, (arrow) =>
      arrow.replace("--> ", `--> ${source.path === "-" ? "standard input" : source.path}:`),
    )
    .replaceAll(/^error(\[[\w-]+\])?/gm, (word) => colours.red(word))
    .replaceAll(/^warning(\[[\w-]+\])?/gm, (word) => colours.yellow(word))
    .trimEnd();
}

/** `2 errors, 1 warning`. */
export function summary(diagnostics: readonly Diagnostic[]): string {
  const count = (severity: string) => diagnostics.filter((found) => found.severity === severity).length;
  const parts = [
    [count("error"), "error"],
    [count("warning"), "warning"],
  ] as const;
  return parts.map(([number, noun]) => counted(number, noun)).join(", ");
}

/** A value of an option that is one of a list. */
export function oneOf<T extends string>(option: string, value: string, values: readonly T[]): T {
  const found = values.find((one) => one === value);
  if (found !== undefined) return found;
  const known = [values.slice(0, -1).join(", "), ...values.slice(-1)].filter(Boolean).join(" or ");
  throw new Fault(`\`${value}\` is no value of ${option}; give ${known}`);
}

/** Refuses two arguments that both are standard input. */
export function oneStandardInput(...paths: readonly (string | undefined)[]): void {
  if (paths.filter((path) => path === "-").length > 1)
    throw new Fault("standard input can be read once; give a file for the other argument");
}
