// The extension: a client of `privet lsp`.
import { commands, window, workspace, type ExtensionContext } from "vscode";
import { LanguageClient, TransportKind, type ServerOptions } from "vscode-languageclient/node";
import { DOCUMENTS, findServer, WATCHED } from "./server";

let client: LanguageClient | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  context.subscriptions.push(
    commands.registerCommand("privet.restart", () => restart()),
    workspace.onDidGrantWorkspaceTrust(() => restart()),
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("privet.server.path")) void restart();
    }),
  );
  await restart();
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}

/** Starts the server, or another one. A workspace that is not trusted names no program to run. */
async function restart(): Promise<void> {
  await client?.stop();
  client = undefined;
  if (!workspace.isTrusted) return;
  const setting = workspace.getConfiguration("privet").get<string>("server.path", "");
  const folders = workspace.workspaceFolders?.map(({ uri }) => uri.fsPath) ?? [];
  const server = findServer(setting, folders);
  const args = [...server.args];
  const options: ServerOptions =
    "module" in server
      ? { module: server.module, args, transport: TransportKind.stdio }
      : { command: server.command, args, options: { shell: process.platform === "win32" } };
  client = new LanguageClient("privet", "Privet", options, {
    documentSelector: DOCUMENTS.map((filter) => ({ ...filter })),
    synchronize: { fileEvents: workspace.createFileSystemWatcher(WATCHED) },
  });
  try {
    await client.start();
  } catch (thrown) {
    client = undefined;
    const help =
      "install the package `privet` in the workspace, or name the program in the setting `privet.server.path`";
    void window.showErrorMessage(`The language server of Privet does not start: ${(thrown as Error).message}; ${help}`);
  }
}
