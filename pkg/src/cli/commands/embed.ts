// `privet embed`: a policy inside the module, or the component, for hosts in other languages.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Command } from "commander";
import { action, named, print, type Common, type Status } from "../command.js";
import { openPolicy } from "../documents/policy.js";
import { embed as embedded, inComponent, preinitialise } from "../embed/embed.js";
import { EXIT, Fault } from "../faults.js";
import { nameOf, writeFile } from "../files.js";
import type { EmbedOutput } from "../outputs.js";
import { counted } from "../terminal.js";

interface Options extends Common {
  readonly out: string;
  readonly preinit?: boolean;
  readonly component?: boolean;
}

/** Declares `embed`. */
export function embed(program: Command): void {
  const command = program
    .command("embed")
    .description("put a policy into one WebAssembly module or component without imports, for hosts in any language")
    .argument("<file>", "policy document or pack, or - for standard input")
    .requiredOption("-o, --out <file>", "the module to write")
    .option("--preinit", "open the policy now, for hosts that make an instance for each request")
    .option("--component", "write a component with a WIT interface, for hosts of the component model");
  const examples = [
    "embed shop.privetpack -o shop.wasm",
    "embed shop.privet.jsonc -o shop.wasm --preinit",
    "embed shop.privet.jsonc -o shop.component.wasm --component",
  ];
  action(command, examples, runEmbed);
}

async function runEmbed(path: string, options: Options): Promise<Status> {
  if (/\.(jsonc?|privetpack)$/i.test(options.out))
    throw new Fault(`${nameOf(options.out)} is no name for a module; give one that ends with .wasm`);
  const { tools, policy, pack } = await openPolicy(path);
  const file = (name: string) => readFileSync(createRequire(import.meta.url).resolve(name));
  const put = (into: Uint8Array) => (options.preinit ? preinitialise : embedded)(into, tools.strip(pack));
  const module = options.component ? inComponent(file("privet/component.wasm"), put) : put(file("privet/host.wasm"));
  const written = [writeFile(options.out, module, { help: "`-o` names a file" })];
  const output: EmbedOutput = {
    command: "embed",
    policy: named(policy),
    written,
    bytes: module.length,
    isOpened: options.preinit === true,
    isComponent: options.component === true,
  };
  print(options, output, () => {
    const operations = counted(policy.operations.length, "operation");
    return `${policy.id} ${policy.version}: ${operations}, ${counted(module.length, "byte")}\nwrote ${options.out}`;
  });
  return EXIT.ok;
}
