// Packages the built extension as dist/privet.vsix, by `vsce`, without a network.
import { copyFileSync } from "node:fs";
import { createVSIX } from "@vscode/vsce";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL(".", import.meta.url));
copyFileSync(new URL("../../LICENSE-MIT", import.meta.url), new URL("LICENSE.txt", import.meta.url));
await createVSIX({
  cwd: folder,
  packagePath: fileURLToPath(new URL("dist/privet.vsix", import.meta.url)),
  dependencies: false,
  baseContentUrl: "https://github.com/privet-policy/privet/blob/main/editors/vscode",
  baseImagesUrl: "https://github.com/privet-policy/privet/raw/main/editors/vscode",
});
