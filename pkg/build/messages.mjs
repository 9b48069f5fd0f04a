// Writes the catalogues of messages as modules of the package: `privet/messages/de`, and `en` as the base of other languages.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";

const catalogues = new URL("../../src/studio/messages/", import.meta.url);
const modules = new URL("../dist/messages/", import.meta.url);

mkdirSync(modules, { recursive: true });
for (const file of readdirSync(catalogues).filter((name) => name.endsWith(".json"))) {
  const language = file.slice(0, -".json".length);
  const messages = JSON.stringify(JSON.parse(readFileSync(new URL(file, catalogues), "utf8")), null, 2);
  writeFileSync(
    new URL(`${language}.js`, modules),
    `export const messages = /* @__PURE__ */ Object.freeze(${messages});\nexport default messages;\n`,
  );
  writeFileSync(
    new URL(`${language}.d.ts`, modules),
    `import type { Messages } from "../studio/messages.js";

/** The messages of the studio: for \`studio({ messages })\`. */
export declare const messages: Required<Messages>;
export default messages;
`,
  );
}
