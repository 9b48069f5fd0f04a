// `privet docs`: the privileges summary of a policy.
import type { Command } from "commander";
import { action, named, oneOf, print, write, type Common, type Status } from "../command.js";
import { summaryOf } from "../docs/summary.js";
import { csvOf, htmlOf, markdownOf } from "../docs/write.js";
import { openWithDocument } from "../documents/policy.js";
import { EXIT } from "../faults.js";
import { writeInto } from "../files.js";

interface Options extends Common {
  readonly format?: string;
  readonly out?: string;
}

const FORMATS = ["markdown", "html", "csv"] as const;

/** Declares `docs`. */
export function docs(program: Command): void {
  const command = program
    .command("docs")
    .description(
      "write the privileges summary: by area, by privilege, by role, dependencies, guides, who may change what",
    )
    .argument("<file>", "policy document or pack, or - for standard input")
    .option("--format <format>", `${FORMATS.join(", ")}; by default all into the folder, markdown without one`)
    .option("-o, --out <folder>", "the folder for the files");
  action(command, ["docs shop.privet.jsonc -o public", "docs shop.privet.jsonc --format html > privileges.html"], run);
}

async function run(path: string, options: Options): Promise<Status> {
  const format = options.format === undefined ? undefined : oneOf("--format", options.format, FORMATS);
  const { tools, policy } = await openWithDocument(path);
  const { page, tables } = summaryOf(tools, policy);
  const files: Record<(typeof FORMATS)[number], () => Record<string, string>> = {
    markdown: () => ({ "privileges.md": markdownOf(page) }),
    html: () => ({ "privileges.html": htmlOf(page) }),
    csv: () =>
      Object.fromEntries(
        Object.entries(tables).map(([name, table]) => [
          `privileges-by-${SINGULAR[name as keyof typeof SINGULAR]}.csv`,
          csvOf(table),
        ]),
      ),
  };
  const asked = format === undefined ? FORMATS : [format];
  if (options.out === undefined) {
    const contents = () => Object.assign({}, ...asked.map((one) => files[one]())) as Record<string, string>;
    if (options.json)
      print(options, { command: "docs", policy: named(policy), written: [], files: contents() }, () => "");
    else write(format === "csv" ? csvOf(tables.areas) : Object.values(files[format ?? "markdown"]())[0]!);
    return EXIT.ok;
  }
  const written = writeInto(options.out, Object.assign({}, ...asked.map((one) => files[one]())));
  print(options, { command: "docs", policy: named(policy), written }, () =>
    written.map((file) => `wrote ${file}`).join("\n"),
  );
  return EXIT.ok;
}

const SINGULAR = { areas: "area", privileges: "privilege", roles: "role" } as const;
