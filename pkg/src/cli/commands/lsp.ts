// `privet lsp`: the language server, for editors.
import type { Command } from "commander";
import { EXIT } from "../faults.js";

/** Declares `lsp`. */
export function lsp(program: Command): void {
  program
    .command("lsp")
    .description("start the language server for editors, on standard input and output")
    .option("--stdio", "use standard input and output, which it always does; editors pass it")
    .addHelpText("after", "\nExamples:\n  $ privet lsp --stdio\n\nEditors start it: see docs/editors.md.")
    .action(async () => {
      const { serve } = await import("../lsp/server.js");
      await serve();
      process.exitCode = EXIT.ok;
    });
}
