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
import { coloursOf } from "./terminal.js";

/** The program with all commands. It throws instead of ending the process, so that output is written completely. */
export function programOf(version: string): Command {
  const program = new Command("privet");
  program
    .description("Checks, builds, tests and documents policies of privileges.")
    .version(version, "-V, --version", "print the version")
    .helpCommand("help [command]", "print the help of a command")
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      outputError: (text, write) => {
        if (process.argv.includes("--json")) return;
        const [line = "", ...rest] = text.trim().split("\n");
        const help = rest.map((more) => more.trim().replace(/^\((.*)\)$/, "$1")).join(" ");
        write(
          `${coloursOf(process.stderr).red("error:")} ${line.replace(/^error: /, "")}; ${(help || "see privet --help").toLowerCase()}\n`,
        );
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
  return program;
}
