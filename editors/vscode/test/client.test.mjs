// The half of the client that needs no editor: which server it starts, spoken to by the protocol, and what is packaged.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import protocol from "vscode-languageserver-protocol/node";
import yauzl from "yauzl";

const extension = fileURLToPath(new URL("..", import.meta.url));
const installed = process.env.PRIVET_INSTALLED;
if (!installed) throw new Error("PRIVET_INSTALLED is not set; run these tests by `bash scripts/test.sh editors`");
const manifest = JSON.parse(readFileSync(join(extension, "package.json"), "utf8"));

const { outputFiles } = await build({
  entryPoints: [join(extension, "src/server.ts")],
  bundle: true,
  write: false,
  format: "esm",
  platform: "node",
});
const { findServer, DOCUMENTS } = await import(
  `data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString("base64")}`
);

test("the server is that of the setting, else of the workspace, else on the path", (context) => {
  const folder = mkdtempSync(join(tmpdir(), "privet-vscode-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const program = process.platform === "win32" ? "privet.cmd" : "privet";
  assert.deepEqual(findServer(" /opt/privet ", [folder]), { command: "/opt/privet", args: ["lsp", "--stdio"] });
  assert.deepEqual(findServer("", [folder]), { command: program, args: ["lsp", "--stdio"] });
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(join(installed, "node_modules/privet"), join(folder, "node_modules/privet"), "junction");
  const module = join(folder, "node_modules/privet/dist/cli/main.js");
  assert.deepEqual(findServer("", ["/elsewhere", folder]), { module, args: ["lsp"] });
});

test("the server that is found answers the protocol as the editor speaks it", async (context) => {
  const { module, args } = findServer("", [installed]);
  // vscode-languageclient runs a module with standard input and output so
  const child = spawn(process.execPath, [module, ...args, "--stdio"], { cwd: installed });
  context.after(() => child.kill());
  const connection = protocol.createProtocolConnection(child.stdout, child.stdin);
  const published = new Promise((resolve) => connection.onNotification("textDocument/publishDiagnostics", resolve));
  connection.listen();
  const { capabilities, serverInfo } = await connection.sendRequest("initialize", {
    processId: process.pid,
    rootUri: null,
    capabilities: {},
  });
  assert.deepEqual(
    [serverInfo.name, capabilities.hoverProvider, capabilities.renameProvider],
    ["privet", true, { prepareProvider: true }],
  );
  await connection.sendNotification("initialized", {});
  const uri = pathToFileURL(join(tmpdir(), "none.privet.jsonc")).href;
  await connection.sendNotification("textDocument/didOpen", {
    textDocument: { uri, languageId: "jsonc", version: 1, text: '{ "format": 2 }' },
  });
  const { diagnostics } = await published;
  assert.ok(diagnostics.some(({ source, code }) => source === "privet" && code === "missing-key"));
  await connection.sendRequest("shutdown");
  await connection.sendNotification("exit");
});

test("the documents of the client are those that the manifest declares", () => {
  const [{ filenamePatterns }] = manifest.contributes.languages;
  assert.deepEqual(
    filenamePatterns.map((pattern) => `**/${pattern}`),
    [...new Set(DOCUMENTS.map(({ pattern }) => pattern))],
  );
});

/** The names of the files of a zip archive. */
const filesIn = (path) =>
  new Promise((resolve, reject) => {
    const names = [];
    yauzl.open(path, (error, archive) => {
      if (error) return reject(error);
      archive
        .on("entry", ({ fileName }) => names.push(fileName))
        .on("end", () => resolve(names.sort()))
        .on("error", reject);
    });
  });

test("the extension builds, and its package has what it needs and nothing else", async () => {
  execFileSync(process.execPath, [join(extension, "node_modules/typescript/bin/tsc"), "-p", extension], {
    stdio: "pipe",
  });
  execFileSync("npm", ["run", "--silent", "build"], { cwd: extension, stdio: "pipe" });
  execFileSync(process.execPath, ["package.mjs"], { cwd: extension, stdio: "pipe" });
  assert.deepEqual(await filesIn(join(extension, "dist/privet.vsix")), [
    "[Content_Types].xml",
    "extension.vsixmanifest",
    "extension/LICENSE.txt",
    "extension/dist/extension.js",
    "extension/package.json",
    "extension/readme.md",
    "extension/syntaxes/injection.tmLanguage.json",
    "extension/syntaxes/requirement.tmLanguage.json",
  ]);
  for (const { path } of manifest.contributes.grammars) assert.ok(existsSync(join(extension, path)), path);
  assert.match(readFileSync(join(extension, manifest.main), "utf8"), /require\("vscode"\)/);
});
