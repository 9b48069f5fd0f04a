// `privet init`: a new policy, from nothing or from what an application has.
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import type { Command } from "commander";
import { open } from "privet";
import { readSheets, SheetError } from "privet/sheets";
import { studio } from "privet/studio";
import { action, oneOf, print, rendered, tell, type Common, type Status } from "../command.js";
import { sourceOf } from "../documents/source.js";
import { EXIT, Fault } from "../faults.js";
import { nameOf, readBytes, utf8, writeInto } from "../files.js";
import { draftFromAccessControl, isAccessControl } from "../init/accesscontrol.js";
import { draftFromCasl, isCasl } from "../init/casl.js";
import { documentText, Ids, isReserved, STARTER, type Draft } from "../init/draft.js";
import { draftFromOpenApi, isOpenApi } from "../init/openapi.js";
import type { Answers } from "../init/questions.js";
import { draftFromSheets, type Side } from "../init/table.js";
import { parseYaml } from "../init/yaml.js";
import { parseJsonc } from "../jsonc.js";
import { counted } from "../terminal.js";

interface Options extends Common {
  readonly from: string;
  readonly yes?: boolean;
  readonly id?: string;
  readonly title?: string;
  readonly roles: string;
  readonly sheet?: string;
  readonly out?: string;
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
    .argument("[source]", "table (XLSX, CSV or TSV), JSON or YAML file, or - for standard input")
    .option("--from <format>", `what the source is: ${FORMATS.join(", ")}`, "auto")
    .option("--roles <side>", "where a table has its roles: columns, rows or auto", "auto")
    .option("--sheet <name>", "the sheet of a workbook; by default the first one with a table of roles")
    .option("-y, --yes", "ask nothing")
    .option("--id <id>", "the id of the policy")
    .option("--title <title>", "the title of the policy")
    .option("-o, --out <folder>", "the folder for the document; by default the present one")
    .option("--force", "replace a document that exists");
  action(
    command,
    [
      "init",
      "init --yes --id shop --title Shop",
      "init roles.xlsx --sheet Rechte --yes",
      "init rules.json --from casl --yes -o policies",
    ],
    run,
  );
}

async function run(given: string | undefined, options: Options): Promise<Status> {
  oneOf("--from", options.from, FORMATS);
  const side = oneOf("--roles", options.roles, ["columns", "rows", "auto"]);
  const { source, from, id, title, out, force } = options.yes ? answersOf(given, options) : await asked(given, options);
  const kind = oneOf("--from", from, FORMATS);
  const isPlain = source === undefined;
  const [unused] = [kind !== "auto" && "--from", side !== "auto" && "--roles", options.sheet && "--sheet"].filter(
    Boolean,
  );
  if (isPlain && unused) throw new Fault(`${unused} says how a source is read; give the source too`);
  const draft = isPlain ? STARTER : await draftFrom(source, kind, side, options.sheet);
  if (draft.privileges.length + draft.operations.length === 0)
    throw new Fault(
      `${nameOf(source ?? "-")} has nothing that becomes a privilege or an operation; look at it`,
      "empty",
    );
  const fault = faultOfId(id);
  if (fault !== undefined) throw new Fault(fault);
  const file = fileOf(id);
  if (existsSync(join(out, file)) && !force)
    throw new Fault(`${nameOf(join(out, file))} exists already; give --force to replace it, or another --id`, "exists");
  const origin = isPlain
    ? "A policy of privileges. See https://github.com/privet-policy/privet for the language."
    : `A draft from ${source === "-" ? "standard input" : basename(source)}. Read it before you use it.`;
  const text = documentText(id, title, origin, draft);
  const [document = file] = writeInto(out, { [file]: text }, { isDocument: true });
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
    const path = shellWord(document);
    const next =
      errors > 0
        ? `correct the document, then: npx privet check ${path}`
        : `next: npx privet check ${path}; npx privet build ${path} -o src/policy; npx privet test ${path} --suggest`;
    return [`wrote ${document}: ${counts.join(", ")}`, ...draft.notes.map((note) => `note: ${note}`), next].join("\n");
  });
  if (errors === 0) open(tools.compile(text));
  return errors > 0 ? EXIT.findings : EXIT.ok;
}

/** A path as a shell reads it. */
const shellWord = (path: string) => (/^[\w./\\:@-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);

const fileOf = (id: string) => `${id.replaceAll(":", "-")}.privet.jsonc`;
const idOf = (source: string | undefined) =>
  new Ids().of(source === undefined || source === "-" ? "policy" : basename(source).replace(/\.\w+$/, ""), "policy");
const titleOf = (id: string) => id.charAt(0).toUpperCase() + id.slice(1).replaceAll("-", " ");

/** What is wrong with an id; `undefined` for an id. */
function faultOfId(id: string): string | undefined {
  if (isReserved(id)) return `\`${id}\` is a reserved word, and so no id; give another one`;
  if (/^[A-Za-z0-9]+([-._:][A-Za-z0-9]+)*$/.test(id) && id.length <= 128) return undefined;
  return `\`${id}\` is no id; give letters and digits, with \`-\`, \`.\`, \`_\` or \`:\` between them`;
}

/** What the options say, and what follows from it. */
function answersOf(source: string | undefined, options: Options): Answers {
  const id = options.id ?? idOf(source);
  const { from, title = titleOf(id), out = ".", force = false } = options;
  return { source, from, id, title, out, force };
}

/** Asks for what the options leave open. */
async function asked(source: string | undefined, options: Options): Promise<Answers> {
  if (!process.stdin.isTTY || !process.stderr.isTTY || source === "-")
    throw new Fault("standard input is no terminal, so nothing can be asked; give --yes");
  const { ask } = await import("../init/questions.js");
  const { id, title, out, from, force = false } = options;
  return ask({ source, from, id, title, out, force, idOf, titleOf, faultOf: faultOfId, fileOf });
}

/** The draft from a source, whose format is recognised where it is not given. */
async function draftFrom(
  path: string,
  from: (typeof FORMATS)[number],
  side: Side,
  sheet: string | undefined,
): Promise<Draft> {
  const [bytes, name] = [readBytes(path), nameOf(path)];
  const start = bytes
    .subarray(0, 64)
    .toString("latin1")
    .replace(/^\u00ef\u00bb\u00bf/, "")
    .trimStart();
  const isBraced = /^[[{]/.test(start);
  // JSON is YAML too, but its own parser says better what is wrong with it
  const isYaml = /\.ya?ml$/i.test(path) || (from === "openapi" && !isBraced);
  const isJson = from === "auto" ? isBraced || /\.jsonc?$/i.test(path) : from !== "table";
  if (!isJson && !isYaml) {
    const sheets = await readSheets(bytes).catch((thrown: unknown) => {
      throw thrown instanceof SheetError ? new Fault(`${name} is no table: ${thrown.message}`, thrown.code) : thrown;
    });
    return draftFromSheets(sheets, sheet, side, name);
  }
  const unused = side !== "auto" ? "--roles" : sheet === undefined ? undefined : "--sheet";
  if (unused !== undefined) throw new Fault(`${unused} is for tables, and ${name} is none; leave it out`);
  const value = (isYaml ? parseYaml : parseJsonc)(utf8(bytes, name), name);
  if (from === "openapi" || (from === "auto" && isOpenApi(value))) return draftFromOpenApi(value, name);
  if (from === "accesscontrol" || (from === "auto" && isAccessControl(value)))
    return draftFromAccessControl(value, name);
  if (from === "casl" || (from === "auto" && isCasl(value))) return draftFromCasl(value, name);
  throw new Fault(
    `${name} is neither rules of casl, nor grants of accesscontrol, nor an openapi document; say what it is by --from`,
    "unknown-source",
  );
}
