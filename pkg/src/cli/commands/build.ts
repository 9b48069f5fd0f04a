// `privet build` and `privet types`: the pack of a document, its module, and its ids as types.
import { basename } from "node:path";
import type { Command } from "commander";
import { action, named, print, rendered, type Common, type Status } from "../command.js";
import { describe, openPolicy, type Opened } from "../documents/policy.js";
import { EXIT, Fault } from "../faults.js";
import { writeFile, writeInto } from "../files.js";
import { moduleOf } from "../module.js";
import type { BuildOutput } from "../outputs.js";
import { counted } from "../terminal.js";

interface Options extends Common {
  readonly out?: string;
  readonly name?: string;
  readonly js?: boolean;
  readonly strip?: boolean;
  readonly beside?: boolean;
  readonly register?: boolean;
  readonly reasons?: boolean;
}

/** Declares `build` and `types`. */
export function build(program: Command): void {
  const pack = program
    .command("build")
    .description("compile a policy document to a pack, a module and its types")
    .argument("<file>", "policy document, or - for standard input")
    .option("-o, --out <folder>", "the folder for the files", "dist")
    .option("--name <name>", "the name of the files; by default that of the document")
    .option("--register", "make it the policy whose ids the hooks and components of the adapters accept")
    .option("--js", "open the policy by privet/js, which needs no WebAssembly")
    .option("--no-reasons", "leave out the reasons that privet/why names")
    .option("--strip", "leave out the document and the reasons: the pack decides, and explains nothing");
  action(pack, ["build shop.privet.jsonc -o src/policy", "build - -o out --name shop < shop.privet.jsonc"], runBuild);
  const types = program
    .command("types")
    .description("print the ids of a policy as TypeScript declarations")
    .argument("<file>", "policy document or pack, or - for standard input")
    .option("-o, --out <folder>", "write NAME.d.ts into this folder")
    .option("--name <name>", "the name of the file; by default that of the document")
    .option("--beside", "write FILE.d.ts beside the document, for imports of it by the build plugins")
    .option("--register", "make it the policy whose ids the hooks and components of the adapters accept");
  action(types, ["types shop.privet.jsonc > shop.d.ts", "types shop.privet.jsonc -o src/policy"], runTypes);
}

/** The name of the files of a policy: the name of the document without its endings. */
function nameFor({ source, policy }: Opened, name: string | undefined): string {
  const found =
    name ?? (source.path === "-" ? policy.id : basename(source.path).replace(/(\.privet)?\.(jsonc?|pack)$/, ""));
  if (/^[\w.@-]+$/.test(found) && !found.startsWith(".")) return found;
  throw new Fault(`\`${found}\` is no name for files; give --name with letters, digits, \`-\`, \`_\` or \`.\``);
}

function outputOf(command: "build" | "types", { tools, policy, source, pack }: Opened, written: string[]): BuildOutput {
  const warnings = source.kind === "pack" ? [] : tools.check(source.text, { files: source.files });
  return { command, policy: named(policy), written, bytes: pack.length, warnings };
}

/** The pack with what the options leave in it. */
function packOf({ source, tools, pack }: Opened, { strip, reasons }: Options): Uint8Array {
  if (strip) return tools.strip(pack);
  if (reasons !== false) return pack;
  if (source.kind === "pack")
    throw new Fault("--no-reasons needs the document; a pack loses its reasons and its document by --strip");
  return tools.compile(source.text, { files: source.files, reasons: false });
}

async function runBuild(path: string, options: Options): Promise<Status> {
  const opened = await openPolicy(path);
  const { source, policy } = opened;
  const name = nameFor(opened, options.name);
  const pack = packOf(opened, options);
  const { js, dts } = moduleOf(describe(opened), pack, {
    isOpened: true,
    register: options.register === true,
    ...(options.js && { opener: "privet/js" }),
  });
  const files = { [`${name}.privetpack`]: pack, [`${name}.js`]: js, [`${name}.d.ts`]: dts };
  const output = outputOf("build", { ...opened, pack }, writeInto(options.out ?? "dist", files));
  print(options, output, () => {
    const warnings = source.kind === "pack" ? "" : rendered(opened.tools, source, output.warnings, process.stdout);
    const size = `${policy.id} ${policy.version}: ${counted(policy.operations.length, "operation")}, ${counted(output.bytes, "byte")}`;
    const wrote = output.written.map((file) => `wrote ${file}`).join("\n");
    return [warnings && `${warnings}\n`, size, wrote].filter(Boolean).join("\n");
  });
  return EXIT.ok;
}

async function runTypes(path: string, options: Options): Promise<Status> {
  const opened = await openPolicy(path);
  const { dts } = moduleOf(describe(opened), opened.pack, {
    isOpened: options.beside === true,
    register: options.register === true,
  });
  const written = writeTypes(opened, options, dts);
  print(options, outputOf("types", opened, written), () =>
    written.length === 0 ? dts : written.map((file) => `wrote ${file}`).join("\n"),
  );
  return EXIT.ok;
}

const BESIDE = { help: "give `-o` in place of `--beside`" };

/** Writes the declarations where the options say; nowhere without them. */
function writeTypes(opened: Opened, { beside, out, name }: Options, dts: string): string[] {
  if (beside && out !== undefined) throw new Fault("`--beside` and `-o` cannot both be given; leave out one");
  if (beside && opened.source.path === "-") throw new Fault("standard input has no folder; give `-o`, or a file");
  if (beside) return [writeFile(`${opened.source.path}.d.ts`, dts, BESIDE)];
  return out === undefined ? [] : writeInto(out, { [`${nameFor(opened, name)}.d.ts`]: dts });
}
