// The diagnostics of a document that does not compile, as text.
import { studio } from "privet/studio";
import { rendered, summary } from "./command.js";
import type { Uncompiled } from "./documents/policy.js";
import { nameOf } from "./files.js";
import { coloursOf } from "./terminal.js";

/** The errors of a document, as a compiler prints them, and a line that says so. */
export async function renderUncompiled({ source, diagnostics }: Uncompiled): Promise<string> {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const line = `${nameOf(source.path)} does not compile: ${summary(errors).split(",")[0]}; correct the document`;
  return `${rendered(await studio(), source, errors, process.stderr)}\n\n${coloursOf(process.stderr).red("error:")} ${line}`;
}
