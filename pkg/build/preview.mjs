// Copies the built permission preview into dist, for `privet serve`: without source maps, and without the studio's WebAssembly, which
// the package has already; `wasm.json` has its path in the page.
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const page = fileURLToPath(new URL("../../target/www/page/", import.meta.url));
const preview = fileURLToPath(new URL("../dist/preview/", import.meta.url));
const wasm = readFileSync(new URL("../wasm/studio_bg.wasm", import.meta.url));

cpSync(page, preview, { recursive: true });
const files = readdirSync(preview, { recursive: true }).map(String);
const modules = files.filter((file) => file.endsWith(".wasm"));
if (modules.length !== 1 || !readFileSync(join(preview, modules[0])).equals(wasm))
  throw new Error(
    `the page has these modules, and not the studio of the package alone: ${modules.join(", ") || "none"}`,
  );
for (const file of files.filter((file) => /\.(?:wasm|map)$/.test(file))) rmSync(join(preview, file));
writeFileSync(join(preview, "wasm.json"), `${JSON.stringify({ path: modules[0].replaceAll("\\", "/") })}\n`);
