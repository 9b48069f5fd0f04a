// The language server: requests and notifications of the protocol, for `privet lsp`.
import { readFileSync } from "node:fs";
import { studio } from "privet/studio";
import {
  CodeActionKind,
  createConnection,
  ErrorCodes,
  ProposedFeatures,
  ResponseError,
  TextDocuments,
  TextDocumentSyncKind,
  type CodeAction,
  type InitializeParams,
  type InitializeResult,
  type TextEdit,
  type WorkspaceEdit,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { includedNames } from "../documents/source.js";
import { Answers, type Schemas, type Target } from "./answers.js";
import { diagnosticsOf, testDiagnosticsOf, type Found } from "./diagnostics.js";
import { Files, pathOf } from "./files.js";
import type { Project } from "./project.js";
import { isTests, Workspace } from "./workspace.js";

/** Milliseconds without typing before a policy is checked. */
const PAUSE = 20;

/** Before what a completion is offered without being asked for. */
const TRIGGERS = ['"', " ", "(", "=", ">", "<", ",", "."];

/** Reads a file of the package. */
const packaged = <T>(path: string) => JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), "utf8")) as T;

/** Serves standard input and output, until the editor ends the session. */
export async function serve(): Promise<void> {
  const connection = createConnection(ProposedFeatures.all, process.stdin, process.stdout);
  const { version } = packaged<{ version: string }>("package.json");
  const schemas: Schemas = { document: packaged("schema.json"), tests: packaged("dist/schemas/test.schema.json") };
  const open = new TextDocuments(TextDocument);
  const workspace = new Workspace(new Files(open), await studio());
  const answers = new Answers(workspace, schemas);
  /** What was found in each file, for corrections. */
  const found = new Map<string, readonly Found[]>();
  /** The files for which diagnostics were sent, by the document that they belong to. */
  const sent = new Map<string, ReadonlySet<string>>();
  const waiting = new Map<string, NodeJS.Timeout>();
  let canVersion = false;

  connection.onInitialize((params: InitializeParams): InitializeResult => {
    const folders = params.workspaceFolders?.map(({ uri }) => uri) ?? (params.rootUri ? [params.rootUri] : []);
    workspace.folders = folders.flatMap((uri) => pathOf(uri) ?? []);
    canVersion = params.capabilities.workspace?.workspaceEdit?.documentChanges === true;
    workspace.tools.check("{}"); // compiles the code of the check before the first key is pressed
    return {
      serverInfo: { name: "privet", version },
      capabilities: {
        positionEncoding: "utf-16",
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
        hoverProvider: true,
        completionProvider: { triggerCharacters: TRIGGERS },
        definitionProvider: true,
        referencesProvider: true,
        renameProvider: { prepareProvider: true },
        codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix] },
        documentSymbolProvider: true,
        workspaceSymbolProvider: true,
        documentFormattingProvider: true,
      },
    };
  });

  const send = (uri: string, list: readonly Found[]) => {
    found.set(uri, list);
    const version = open.get(uri)?.version;
    const diagnostics = list.map(({ diagnostic }) => diagnostic);
    void connection.sendDiagnostics({ uri, diagnostics, ...(version !== undefined && { version }) });
  };

  /** Sends the diagnostics of a policy, its files and its open tests. */
  const check = (project: Project) => {
    const files = new Map<string, readonly Found[]>();
    for (const [name, list] of diagnosticsOf(project)) files.set(project.uris.get(name)!, list);
    for (const document of open.all().filter(({ uri }) => isTests(uri) && workspace.projectOf(uri) === project))
      files.set(document.uri, testDiagnosticsOf(document, project));
    for (const [uri, list] of files) send(uri, list);
    for (const uri of sent.get(project.uri) ?? []) if (!files.has(uri)) send(uri, []);
    sent.set(project.uri, new Set(files.keys()));
  };

  const checkSoon = (uri: string) => {
    const project = workspace.projectOf(uri);
    const root = project?.uri ?? uri;
    clearTimeout(waiting.get(root));
    const run = () => {
      waiting.delete(root);
      const document = open.get(uri);
      if (project) check(project);
      else if (document && isTests(uri)) send(uri, testDiagnosticsOf(document, undefined));
    };
    waiting.set(root, setTimeout(run, PAUSE));
  };

  open.onDidOpen(() => workspace.forgetRoots());
  open.onDidChangeContent(({ document }) => {
    if (includedNames(document.getText()).length > 0) workspace.forgetRoots();
    checkSoon(document.uri);
  });
  open.onDidClose(({ document: { uri } }) => {
    workspace.forgetRoots();
    found.delete(uri);
    const project = workspace.projectOf(uri);
    const isUsed = project && [...project.uris.values()].some((file) => open.get(file));
    if (project && !isUsed) {
      for (const file of sent.get(project.uri) ?? [uri]) if (!open.get(file)) send(file, []);
      sent.delete(project.uri);
      workspace.close(project);
    } else if (project) checkSoon(project.uri);
    else send(uri, []);
  });
  connection.onDidChangeWatchedFiles(() => {
    workspace.forgetRoots();
    for (const { uri } of open.all()) checkSoon(uri);
  });

  const at = <P extends Parameters<Answers["target"]>[0], T>(answer: (target: Target, params: P) => T) => {
    return (params: P) => {
      const target = answers.target(params);
      return target && answer(target, params);
    };
  };
  const orNull =
    <P, T>(answer: (params: P) => T | undefined) =>
    (params: P) =>
      answer(params) ?? null;

  connection.onHover(orNull(at((target) => answers.hover(target))));
  connection.onCompletion(orNull(at((target) => answers.completion(target))));
  connection.onDefinition(orNull(at((target) => answers.definition(target))));
  connection.onReferences((params) => {
    const target = answers.target(params);
    return target ? answers.references(target, params.context.includeDeclaration) : null;
  });
  connection.onPrepareRename(orNull(at((target) => answers.prepareRename(target))));
  connection.onRenameRequest((params) => {
    const target = answers.target(params);
    if (!target) return null;
    const renamed = answers.rename(target, params.newName);
    if ("fault" in renamed) return new ResponseError<void>(ErrorCodes.InvalidParams, renamed.fault);
    return edit(renamed.edits);
  });
  connection.onCodeAction(({ textDocument: { uri }, range, context }) => {
    if (context.only && !context.only.includes(CodeActionKind.QuickFix)) return [];
    const touches = (one: typeof range) => before(one.start, range.end) && before(range.start, one.end);
    return (found.get(uri) ?? [])
      .filter(({ diagnostic }) => touches(diagnostic.range))
      .flatMap(({ diagnostic, fixes }) =>
        fixes.map(({ title, edit: one }): CodeAction => {
          const kind = CodeActionKind.QuickFix;
          return { title, kind, diagnostics: [diagnostic], isPreferred: true, edit: edit(new Map([[uri, [one]]])) };
        }),
      );
  });
  connection.onDocumentSymbol(({ textDocument: { uri } }) => {
    const document = workspace.files.get(uri);
    const project = workspace.projectOf(uri);
    return document && project ? answers.documentSymbols(document, project) : null;
  });
  connection.onWorkspaceSymbol(({ query }) => answers.workspaceSymbols(query));
  connection.onDocumentFormatting(({ textDocument: { uri } }) => {
    const document = workspace.files.get(uri);
    return document ? answers.formatting(document) : null;
  });

  /** Edits of files; those of open ones for the version that the editor has. */
  const edit = (edits: ReadonlyMap<string, TextEdit[]>): WorkspaceEdit => {
    if (!canVersion) return { changes: Object.fromEntries(edits) };
    const documentChanges = [...edits].map(([uri, list]) => {
      return { textDocument: { uri, version: open.get(uri)?.version ?? null }, edits: list };
    });
    return { documentChanges };
  };

  open.listen(connection);
  connection.listen();
  await new Promise<void>((ended) => connection.onExit(ended));
}

const before = (a: { line: number; character: number }, b: { line: number; character: number }) =>
  a.line < b.line || (a.line === b.line && a.character <= b.character);
