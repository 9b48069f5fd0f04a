// Compiles the built-in policies into modules of the package, each with its pack inlined: no file to find at run time.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { studio } from "../dist/studio-node.js";

const documents = new URL("../../src/policies/", import.meta.url);
const modules = new URL("../dist/policies/", import.meta.url);
const engine = await studio();

mkdirSync(modules, { recursive: true });
for (const file of readdirSync(documents).filter((name) => name.endsWith(".jsonc"))) {
  const id = file.slice(0, -".jsonc".length);
  const pack = Buffer.from(engine.compile(readFileSync(new URL(file, documents), "utf8"))).toString("base64");
  writeFileSync(
    new URL(`${id}.js`, modules),
    `const text = atob("${pack}");\nexport const pack = Uint8Array.from(text, (byte) => byte.charCodeAt(0));\nexport default pack;\n`,
  );
  writeFileSync(
    new URL(`${id}.d.ts`, modules),
    `import type { Pack } from "../types.js";\n/** The compiled policy \`${id}\`. */\nexport declare const pack: Pack;\nexport default pack;\n`,
  );
}
