// A client of the language server, on `vscode-languageserver-protocol`: starts the installed bin, opens and edits buffers.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import protocol from "vscode-languageserver-protocol/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { installed } from "./package.mjs";

const bin = fileURLToPath(installed("dist/cli/main.js"));

/** Starts the server for a folder, and stops it when the test ends. `workspace: false` opens no folder. */
export async function startServer(context, folder, { workspace = true, documentChanges = true } = {}) {
  const child = spawn(process.execPath, [bin, "lsp", "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.once("exit", (code) => resolve(code)));
  const connection = protocol.createProtocolConnection(child.stdout, child.stdin);
  const client = new Client(connection, folder, ended);
  connection.onNotification("textDocument/publishDiagnostics", (params) => client.receive(params));
  connection.listen();
  context.after(() => client.stop());
  const root = pathToFileURL(folder).href;
  const initialized = await client.request("initialize", {
    processId: process.pid,
    rootUri: workspace ? root : null,
    workspaceFolders: workspace ? [{ uri: root, name: "test" }] : null,
    capabilities: { workspace: { workspaceEdit: { documentChanges } } },
  });
  client.capabilities = initialized.capabilities;
  await connection.sendNotification("initialized", {});
  return client;
}

class Client {
  constructor(connection, folder, ended) {
    Object.assign(this, { connection, folder, ended, documents: new Map(), published: new Map(), waiting: [] });
  }

  request(method, params) {
    return this.connection.sendRequest(method, params);
  }

  notify(method, params) {
    return this.connection.sendNotification(method, params);
  }

  uri(name) {
    return name.includes(":") ? name : pathToFileURL(join(this.folder, name)).href;
  }

  /** Opens a buffer; its text need not be that of the disk. */
  async open(name, text) {
    const document = TextDocument.create(this.uri(name), "jsonc", 1, text);
    this.documents.set(name, document);
    const { uri, languageId, version } = document;
    await this.notify("textDocument/didOpen", { textDocument: { uri, languageId, version, text } });
    return document;
  }

  /** Replaces a part of a buffer, as a person who types does. */
  async edit(name, part, replacement) {
    const document = this.documents.get(name);
    const start = document.getText().indexOf(part);
    if (start < 0) throw new Error(`${name} has no ${part}`);
    const range = { start: document.positionAt(start), end: document.positionAt(start + part.length) };
    const change = { range, text: replacement };
    TextDocument.update(document, [change], document.version + 1);
    const textDocument = { uri: document.uri, version: document.version };
    await this.notify("textDocument/didChange", { textDocument, contentChanges: [change] });
  }

  async close(name) {
    await this.notify("textDocument/didClose", { textDocument: { uri: this.uri(name) } });
    this.documents.delete(name);
  }

  receive(params) {
    this.published.set(params.uri, params);
    this.waiting = this.waiting.filter((ready) => !ready(params));
  }

  /** The diagnostics of the version of a buffer that it has now, or the next ones that have `wanted`. */
  diagnostics(name, wanted = () => true) {
    const document = this.documents.get(name);
    const uri = this.uri(name);
    const fits = (params) =>
      params.uri === uri && (!document || params.version === document.version) && wanted(params.diagnostics);
    const known = this.published.get(uri);
    if (known && fits(known)) return Promise.resolve(known.diagnostics);
    return new Promise((resolve) => {
      this.waiting.push((params) => {
        if (!fits(params)) return false;
        resolve(params.diagnostics);
        return true;
      });
    });
  }

  /** The parameters of a request about the place in a buffer where `part` is, `offset` letters behind its start. */
  at(name, part, offset = 1) {
    const document = this.documents.get(name);
    const start = document.getText().indexOf(part);
    if (start < 0) throw new Error(`${name} has no ${part}`);
    return { textDocument: { uri: document.uri }, position: document.positionAt(start + offset) };
  }

  /** Places as `NAME LINE:COLUMN TEXT`. */
  shown(places) {
    return places.map(({ uri, range }) => {
      const [name, document] = [...this.documents].find(([, { uri: known }]) => known === uri) ?? [
        uri.split("/").at(-1),
      ];
      const { line, character } = range.start;
      return `${name} ${line + 1}:${character + 1} ${document?.getText(range) ?? ""}`.trimEnd();
    });
  }

  /** The text of a buffer after an edit. */
  applied(name, edits) {
    return TextDocument.applyEdits(this.documents.get(name), edits);
  }

  async stop() {
    if (this.isStopped) return this.ended;
    this.isStopped = true;
    await this.request("shutdown");
    await this.notify("exit");
    const code = await this.ended;
    this.connection.dispose();
    return code;
  }
}
