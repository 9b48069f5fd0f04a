// A quiet reporter for node's test runner: failures, output and the summary. Of the built-in reporters `dot` prints no summary, and
// `spec` and `tap` print a line for each of several hundred tests that pass.
import { inspect } from "node:util";

export default async function* reporter(source) {
  for await (const { type, data } of source) {
    if (type === "test:fail" && data.details.error.failureType !== "subtestsFailed") {
      yield `not ok: ${data.name}\n  at ${data.file}:${data.line}\n${inspect(data.details.error.cause ?? data.details.error)}\n\n`;
    } else if (type === "test:diagnostic" && data.nesting === 0) {
      yield `# ${data.message}\n`;
    } else if (type === "test:stderr" || type === "test:stdout") {
      yield data.message;
    }
  }
}
