// `privet init`: a new policy, from nothing or from what an application has.
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { createInterface } from "node:readline/promises";
import type { Command } from "commander";
import { open } from "privet";
import { studio } from "privet/studio";
import { action, oneOf, print, rendered, tell, type Common, type Status } from "../command.js";
import { sourceOf } from "../documents/source.js";
import { EXIT, Fault } from "../faults.js";
import { nameOf, readBytes, utf8, writeInto } from "../files.js";
import { draftFromAccessControl, isAccessControl } from "../init/accesscontrol.js";
import { draftFromCasl, isCasl } from "../init/casl.js";
import { cellsOf, decodeSheet } from "../init/decode.js";
import { documentText, Ids, STARTER, type Draft } from "../init/draft.js";
import { draftFromOpenApi, isOpenApi } from "../init/openapi.js";
import { draftFromTable } from "../init/table.js";
import { parseJsonc } from "../jsonc.js";
import { counted } from "../terminal.js";

interface Options extends Common {
  readonly from: string;
  readonly yes?: boolean;
  readonly id?: string;
  readonly title?: string;
  readonly roles: string;
  readonly out: string;
  readonly force?: boolean;
}

const FORMATS = ["auto", "table", "casl", "accesscontrol", "openapi"] as const;

/** Declares `init`. */
export function init(program: Command): void {
  const command = program
    .command("init")
    .description(
      "start a policy: from nothing, a table of roles, rules of casl, grants of accesscontrol, or an openapi document",
    )
    .argument("[source]", "CSV or TSV table, or JSON file, or - for standard input")
    .option("--from <format>", `what the source is: ${FORMATS.join(", ")}`, "auto")
    .option("--roles <side>", "where a table has its roles: columns, rows or auto", "auto")
    .option("-y, --yes", "ask nothing")
    .option("--id <id>", "the id of the policy")
    .option("--title <title>", "the title of the policy")
    .option("-o, --out <folder>", "the folder for the document", ".")
    .option("--force", "replace a document that exists");
  action(
    command,
    [
      "init",
      "init --yes --id shop --title Shop",
      "init roles.csv --yes",
      "init rules.json --from casl --yes -o policies",
    ],
    run,
  );
}

async function run(source: string | undefined, options: Options): Promise<Status> {
  const from = oneOf("--from", options.from, FORMATS);
  const side = oneOf("--roles", options.roles, ["columns", "rows", "auto"]);
  const answers = options.yes ? { source, id: options.id, title: options.title } : await asked(source, options);
  const isPlain = answers.source === undefined;
  const draft = isPlain ? STARTER : draftFrom(answers.source!, from, side);
  const base = isPlain ? "policy" : basename(answers.source!).replace(/\.\w+$/, "");
  const id = answers.id ?? new Ids().of(answers.source === "-" ? "policy" : base, "policy");
  if (!/^[A-Za-z0-9]+([-._:][A-Za-z0-9]+)*$/.test(id) || id.length > 128)
    throw new Fault(`\`${id}\` is no id; give letters and digits, with \`-\`, \`.\`, \`_\` or \`:\` between them`);
  const title = answers.title ?? id.charAt(0).toUpperCase() + id.slice(1).replaceAll("-", " ");
  const file = `${id.replaceAll(":", "-")}.privet.jsonc`;
  if (existsSync(join(options.out, file)) && !options.force)
    throw new Fault(
      `${nameOf(join(options.out, file))} exists already; give --force to replace it, or another --id`,
      "exists",
    );
  const origin = isPlain
    ? "A policy of privileges. See https://github.com/privet-policy/privet for the language."
    : `A draft from ${answers.source === "-" ? "standard input" : basename(answers.source!)}. Read it before you use it.`;
  const text = documentText(id, title, origin, draft);
  const [document = file] = writeInto(options.out, { [file]: text });
  const tools = await studio();
  const found = tools.check(text);
  if (found.length > 0 && !options.json)
    tell(
      rendered(
        tools,
        sourceOf(document, text, () => undefined),
        found,
        process.stderr,
      ),
    );
  const errors = found.filter(({ severity }) => severity === "error").length;
  print(options, { command: "init", written: [document], notes: draft.notes }, () => {
    const counts = [
      counted(draft.privileges.length, "privilege"),
      counted(draft.operations.length, "operation"),
      counted(draft.roles.length, "role"),
    ];
    const next =
      errors > 0
        ? `correct the document, then: privet check ${document}`
        : `next: privet check ${document}; privet build ${document} -o src/policy; privet test ${document} --suggest`;
    return [`wrote ${document}: ${counts.join(", ")}`, ...draft.notes.map((note) => `note: ${note}`), next].join("\n");
  });
  if (errors === 0) open(tools.compile(text));
  return errors > 0 ? EXIT.findings : EXIT.ok;
}

/** Asks for what the options leave open. */
async function asked(
  source: string | undefined,
  { id, title }: Options,
): Promise<{ source: string | undefined; id: string | undefined; title: string | undefined }> {
  if (!process.stdin.isTTY || source === "-")
    throw new Fault("standard input is no terminal, so nothing can be asked; give --yes");
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const ask = async (question: string) => (await terminal.question(question)).trim() || undefined;
    return {
      source:
        source ?? (await ask("A table of roles, or JSON of casl, accesscontrol or openapi, to begin with (none): ")),
      id: id ?? (await ask("The id of the policy (from the file, or policy): ")),
      title: title ?? (await ask("Its title, for people (from the id): ")),
    };
  } finally {
    terminal.close();
  }
}

/** The draft from a source, whose format is recognised where it is not given. */
function draftFrom(path: string, from: (typeof FORMATS)[number], side: "columns" | "rows" | "auto"): Draft {
  const [bytes, name] = [readBytes(path), nameOf(path)];
  const start = bytes
    .subarray(0, 64)
    .toString("latin1")
    .replace(/^\u00ef\u00bb\u00bf/, "")
    .trimStart();
  const isJson = from === "auto" ? /^[[{]/.test(start) || /\.jsonc?$/i.test(path) : from !== "table";
  if (!isJson) {
    if (/\.ya?ml$/i.test(path)) throw new Fault(`${name} is YAML, which is not read; convert it to JSON`, "yaml");
    return draftFromTable(cellsOf(decodeSheet(bytes, name)), side, name);
  }
  const value = parseJsonc(utf8(bytes, name), name);
  if (from === "openapi" || (from === "auto" && isOpenApi(value))) return draftFromOpenApi(value, name);
  if (from === "accesscontrol" || (from === "auto" && isAccessControl(value)))
    return draftFromAccessControl(value, name);
  if (from === "casl" || (from === "auto" && isCasl(value))) return draftFromCasl(value, name);
  throw new Fault(
    `${name} is neither rules of casl, nor grants of accesscontrol, nor an openapi document; say what it is by --from`,
    "unknown-source",
  );
}
