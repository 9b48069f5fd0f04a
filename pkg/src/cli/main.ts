#!/usr/bin/env node
// The bin `privet`: runs a command, and tells faults in one line.
import { readFileSync } from "node:fs";
import { CommanderError } from "commander";
import { tell, write } from "./command.js";
import { Uncompiled } from "./documents/policy.js";
import { EXIT, faultOf, Fault, oneLine, reasonOf } from "./faults.js";
import type { ErrorOutput } from "./outputs.js";
import { commandOf, programOf, usageLine } from "./program.js";
import { coloursOf } from "./terminal.js";
import { renderUncompiled } from "./uncompiled.js";

/** Whether the arguments ask for JSON, also where they cannot be parsed. */
const isJson = process.argv.includes("--json");

// A reader such as `head` may close the pipe early
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(process.exitCode);
  tell(`error: cannot write standard output: ${reasonOf(error)}; write to another place`);
  process.exit(EXIT.usage);
});
// Nothing can be told any more
process.stderr.on("error", () => process.exit(process.exitCode ?? EXIT.usage));

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string;
};

const program = programOf(version);
try {
  await program.parseAsync();
} catch (thrown) {
  await fail(thrown);
}

/** Tells what was thrown, and sets the exit status. */
async function fail(thrown: unknown): Promise<void> {
  if (thrown instanceof CommanderError) {
    process.exitCode = thrown.exitCode === 0 ? EXIT.ok : EXIT.usage;
    if (isJson && thrown.exitCode !== 0) tellFault(new Fault(oneLine(usageLine(thrown.message, commandOf(program)))));
    return;
  }
  if (thrown instanceof Uncompiled) {
    process.exitCode = EXIT.findings;
    const { message, diagnostics } = thrown;
    if (isJson) tellJson({ command: "error", error: { code: "invalid-policy", message, diagnostics } });
    else tell(await renderUncompiled(thrown));
    return;
  }
  const fault = faultOf(thrown);
  process.exitCode = EXIT.usage;
  if (fault) return tellFault(fault);
  const { message, stack } = thrown as Error;
  tellFault(
    new Fault(`${message || "unknown"}: a fault of privet itself; please report it with what is below`, "internal"),
  );
  tell(String(stack ?? thrown));
}

function tellFault({ code, message }: Fault): void {
  if (isJson) tellJson({ command: "error", error: { code, message } });
  else tell(`${coloursOf(process.stderr).red("error:")} ${oneLine(message)}`);
}

function tellJson(output: ErrorOutput): void {
  write(JSON.stringify(output, null, 2));
}
