// Writes the JSON Schemas that the package publishes: of files of policy tests, from their definition, and of what `--json` prints,
// from its types. Runs before the modules are bundled.
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createGenerator } from "ts-json-schema-generator";
import { z } from "zod";
import { testFile } from "../dist/cli/policy-tests/file.js";

const folder = new URL("../dist/schemas/", import.meta.url);
mkdirSync(folder, { recursive: true });
const write = (name, schema) => writeFileSync(new URL(name, folder), `${JSON.stringify(schema, null, 2)}\n`);

write("test.schema.json", { title: "Policy tests of Privet", ...z.toJSONSchema(testFile, { io: "input" }) });
const output = createGenerator({
  path: fileURLToPath(new URL("../src/cli/outputs.ts", import.meta.url)),
  tsconfig: fileURLToPath(new URL("../tsconfig.json", import.meta.url)),
  type: "Output",
  skipTypeCheck: true,
  topRef: true,
  additionalProperties: false,
}).createSchema("Output");
write("cli.schema.json", { title: "What the command line of Privet prints with --json", ...output });
