// The commands of `privet`.
import { Command } from "commander";
import { ask } from "./commands/ask.js";
import { build } from "./commands/build.js";
import { check } from "./commands/check.js";
import { docs } from "./commands/docs.js";
import { completion } from "./commands/completion.js";
import { diff } from "./commands/diff.js";
import { embed } from "./commands/embed.js";
import { exportPolicy } from "./commands/export.js";
import { format } from "./commands/format.js";
import { init } from "./commands/init.js";
import { lsp } from "./commands/lsp.js";
import { matrix } from "./commands/matrix.js";
import { serve } from "./commands/serve.js";
import { test } from "./commands/test.js";
import { Fault } from "./faults.js";
import { coloursOf } from "./terminal.js";

/** A fault of usage as one line: what is wrong, and the help that knows better. `name` is that of the command, if it is known. */
export function usageLine(text: string, name?: string): string {
  const [line = "", ...rest] = text.trim().split("\n");
  const help = rest.map((more) => more.trim().replace(/^\((.*)\)$/, "$1")).join(" ");
  const fault = line
    .replace(/^error: /, "")
    .replace(". Expected", ": expected")
    .replace(/\.$/, "");
  return `${fault}; ${help.toLowerCase() || `see privet ${name === undefined ? "" : `${name} `}--help`}`;
}

/** The program with all commands. It throws instead of ending the process, so that output is written completely. */
export function programOf(version: string): Command {
  const program = new Command("privet");
  program
    .description("Checks, builds, tests and documents policies of privileges.")
    .version(version, "-V, --version", "print the version")
    .helpCommand(false)
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      outputError: (text, write) => {
        if (process.argv.includes("--json")) return;
        write(`${coloursOf(process.stderr).red("error:")} ${usageLine(text, commandOf(program))}\n`);
      },
    })
    .addHelpText("after", "\nExit status: 0 no findings, 1 findings, 2 wrong usage.");
  for (const declare of [
    init,
    check,
    build,
    embed,
    exportPolicy,
    ask,
    test,
    diff,
    matrix,
    docs,
    format,
    serve,
    lsp,
    completion,
  ])
    declare(program);
  program
    .command("help")
    .description("print the help of a command")
    .argument("[command]", "the command; by default all of them are listed")
    .action((name?: string) => {
      const command = program.commands.find((one) => one.name() === name);
      if (name !== undefined && command === undefined) throw new Fault(`unknown command '${name}'; see privet --help`);
      (command ?? program).help();
    });
  program.hook("preAction", (_, command) => refuseEmpty(command));
  return program;
}

/** The command that the arguments name, if there is one. */
export const commandOf = (program: Command): string | undefined =>
  program.commands.map((command) => command.name()).find((name) => name === process.argv[2]);

/**
 * Refuses an option that is given without a value: in a script a variable is often not set.
 *
 * @throws Fault for the first of them.
 */
function refuseEmpty(command: Command): void {
  for (const option of command.options) {
    const value: unknown = command.getOptionValue(option.attributeName());
    const values: unknown[] = Array.isArray(value) ? value : [value];
    if (values.some((one) => typeof one === "string" && one.trim() === ""))
      throw new Fault(`the value of ${option.long ?? option.flags} is empty; give one, or leave the option out`);
  }
}
