// The answers to requests of editors, in the types of the protocol.
import { dirname, join } from "node:path";
import { getLocation } from "jsonc-parser";
import {
  completionsAt,
  hoverAt,
  hoverOf,
  keyHover,
  kindOf,
  markdownOf,
  referencesIn,
  refersTo,
  renameFault,
  type Completion,
  type JsonSchema,
  type TextRange,
} from "privet/language";
import type { IndexedSymbol, SymbolKind as PolicySymbol } from "privet/studio";
import {
  CompletionItemKind,
  MarkupKind,
  SymbolKind,
  type CompletionItem,
  type DocumentSymbol,
  type Hover,
  type Location,
  type Position,
  type Range,
  type TextEdit,
  type WorkspaceSymbol,
} from "vscode-languageserver/node";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { format } from "../documents/format.js";
import { parseJsonc } from "../jsonc.js";
import { rangeIn } from "./diagnostics.js";
import { pathOf } from "./files.js";
import type { Project } from "./project.js";
import { isTests, type Workspace } from "./workspace.js";

/** A place that a request names. */
export interface Target {
  readonly document: TextDocument;
  readonly project: Project;
  readonly offset: number;
}

/** The schemas of documents and of tests. */
export interface Schemas {
  readonly document: JsonSchema;
  readonly tests: JsonSchema;
}

const COMPLETION_KINDS: { readonly [kind in Completion["kind"]]: CompletionItemKind } = {
  id: CompletionItemKind.Variable,
  value: CompletionItemKind.EnumMember,
  keyword: CompletionItemKind.Keyword,
  operator: CompletionItemKind.Operator,
  key: CompletionItemKind.Property,
  constant: CompletionItemKind.Constant,
};

const SYMBOL_KINDS: { readonly [kind in PolicySymbol]: SymbolKind } = {
  fact: SymbolKind.Constant,
  condition: SymbolKind.Boolean,
  privilege: SymbolKind.Key,
  role: SymbolKind.Class,
  "menu-item": SymbolKind.Module,
  operation: SymbolKind.Function,
  verb: SymbolKind.Event,
  level: SymbolKind.EnumMember,
  option: SymbolKind.EnumMember,
  obligation: SymbolKind.Property,
  guide: SymbolKind.Namespace,
  step: SymbolKind.Method,
  "change-rule": SymbolKind.Interface,
  unknown: SymbolKind.Null,
};

/** What lists of symbols show beside an id. */
const detailOf = (symbol: IndexedSymbol) => [symbol.label, kindOf(symbol)].filter(Boolean).join(" · ");

/** Answers about the policies of a workspace. */
export class Answers {
  readonly #workspace: Workspace;
  readonly #schemas: Schemas;

  constructor(workspace: Workspace, schemas: Schemas) {
    this.#workspace = workspace;
    this.#schemas = schemas;
  }

  /** The place that a request names; `undefined` in a file that belongs to no policy. */
  target({ textDocument, position }: { textDocument: { uri: string }; position: Position }): Target | undefined {
    const document = this.#workspace.files.get(textDocument.uri);
    const project = document && this.#workspace.projectOf(textDocument.uri);
    return document && project && { document, project, offset: document.offsetAt(position) };
  }

  hover(target: Target): Hover | undefined {
    const { document } = target;
    const found = isTests(document.uri) ? this.#testHover(target) : this.#documentHover(target);
    return (
      found && { contents: { kind: MarkupKind.Markdown, value: markdownOf(found) }, range: rangeIn(document, found) }
    );
  }

  #documentHover({ document, project, offset }: Target) {
    const { index, knowledge } = project;
    const file = project.nameOf(document.uri) ?? "";
    return hoverAt({ index, text: document.getText(), file, schema: this.#schemas.document, knowledge }, offset);
  }

  #testHover(target: Target) {
    const { document, project, offset } = target;
    const found = this.#referenceAt(target);
    if (found?.symbol) return hoverOf(found.symbol, found, project.knowledge);
    return keyHover(document.getText(), offset, this.#schemas.tests);
  }

  completion({ document, project, offset }: Target): CompletionItem[] {
    const kind = isTests(document.uri) ? "tests" : "document";
    const context = {
      kind,
      text: document.getText(),
      index: project.index,
      schema: this.#schemas[kind],
      words: project.words,
    } as const;
    return completionsAt(context, offset).map(({ label, kind, detail, text, range }, index) => ({
      label,
      kind: COMPLETION_KINDS[kind],
      detail,
      sortText: String(index).padStart(6, "0"),
      filterText: text.startsWith('"') ? text.replace(/(": ?)$/, '"') : text,
      textEdit: { range: rangeIn(document, range), newText: text },
    }));
  }

  definition(target: Target): Location[] {
    const { project, document, offset } = target;
    const included = this.#includedAt(document, offset);
    if (included) return [included];
    const symbol = this.#symbolAt(target)?.symbol;
    return (symbol?.declared ?? []).flatMap(({ id }) => this.#location(project, project.index.range(id)) ?? []);
  }

  references(target: Target, withDeclaration: boolean): Location[] {
    const symbol = this.#symbolAt(target)?.symbol;
    return symbol ? this.#places(target.project, symbol, withDeclaration) : [];
  }

  /** The id that would be renamed. */
  prepareRename(target: Target): { range: Range; placeholder: string } | undefined {
    const found = this.#symbolAt(target);
    return found?.symbol && { range: rangeIn(target.document, found), placeholder: found.symbol.id };
  }

  /** The edits of a new name by URI, or why it cannot be given. */
  rename(target: Target, name: string): { edits: Map<string, TextEdit[]> } | { fault: string } {
    const symbol = this.#symbolAt(target)?.symbol;
    if (!symbol) return { fault: "there is no id here" };
    const fault = renameFault(target.project.index, symbol, name);
    if (fault !== undefined) return { fault };
    const edits = new Map<string, TextEdit[]>();
    for (const { uri, range } of this.#places(target.project, symbol, true))
      edits.set(uri, [...(edits.get(uri) ?? []), { range, newText: name }]);
    return { edits };
  }

  documentSymbols(document: TextDocument, project: Project): DocumentSymbol[] {
    const file = project.nameOf(document.uri);
    const all: { symbol: DocumentSymbol; start: number; end: number }[] = [];
    for (const symbol of project.index.symbols) {
      for (const { id, entry } of symbol.declared) {
        const range = project.index.range(entry);
        if (range.file !== file) continue;
        const shown: DocumentSymbol = {
          name: symbol.id,
          detail: detailOf(symbol),
          kind: SYMBOL_KINDS[symbol.kind],
          range: rangeIn(document, range),
          selectionRange: rangeIn(document, project.index.range(id)),
          children: [],
        };
        all.push({ symbol: shown, ...range });
      }
    }
    // Entries within others, such as levels, are their children
    const roots: DocumentSymbol[] = [];
    const around: typeof all = [];
    for (const one of all.sort((a, b) => a.start - b.start)) {
      while (around.length > 0 && around.at(-1)!.end < one.end) around.pop();
      (around.at(-1)?.symbol.children ?? roots).push(one.symbol);
      around.push(one);
    }
    return roots;
  }

  workspaceSymbols(query: string): WorkspaceSymbol[] {
    const wanted = query.toLowerCase();
    return this.#workspace.all().flatMap((project) =>
      project.index.symbols
        .filter(({ id, label = "" }) => `${id} ${label}`.toLowerCase().includes(wanted))
        .flatMap((symbol) =>
          symbol.declared.flatMap(({ id }) => {
            const location = this.#location(project, project.index.range(id));
            const [name, kind] = [symbol.id, SYMBOL_KINDS[symbol.kind]];
            return location ? [{ name, kind, containerName: detailOf(symbol), location }] : [];
          }),
        ),
    );
  }

  /** The layout of `privet format`; nothing for a text with syntax errors. */
  formatting(document: TextDocument): TextEdit[] {
    const text = document.getText();
    try {
      parseJsonc(text, "the document");
    } catch {
      return [];
    }
    const newText = format(text);
    return newText === text ? [] : [{ range: rangeIn(document, { start: 0, end: text.length }), newText }];
  }

  /** The symbol at a place, with the range of its id. */
  #symbolAt(target: Target): (TextRange & { readonly symbol: IndexedSymbol | undefined }) | undefined {
    const { document, project, offset } = target;
    if (isTests(document.uri)) return this.#referenceAt(target);
    return project.index.at(project.nameOf(document.uri) ?? "", offset);
  }

  #referenceAt({ document, project, offset }: Target) {
    const found = referencesIn(document.getText(), project.index, project.words);
    return found.find(({ start, end }) => start <= offset && offset <= end);
  }

  /** All places of a symbol in the document, its files and its tests. */
  #places(project: Project, symbol: IndexedSymbol, withDeclaration: boolean): Location[] {
    const own = project.index
      .occurrences(symbol)
      .filter(({ isDeclaration }) => withDeclaration || !isDeclaration)
      .flatMap((place) => this.#location(project, place) ?? []);
    const tests = this.#workspace.testsOf(project).flatMap((uri) => {
      const document = this.#workspace.files.get(uri);
      if (!document) return [];
      return referencesIn(document.getText(), project.index, project.words)
        .filter((reference) => refersTo(reference, symbol))
        .map((reference) => ({ uri, range: rangeIn(document, reference) }));
    });
    return [...own, ...tests];
  }

  #location(project: Project, { file, ...range }: TextRange & { readonly file: string }): Location | undefined {
    const document = project.document(file);
    return document && { uri: document.uri, range: rangeIn(document, range) };
  }

  /** The file that a string in `include`, or `policy` of tests, names. */
  #includedAt(document: TextDocument, offset: number): Location | undefined {
    const { path, previousNode, isAtPropertyKey } = getLocation(document.getText(), offset);
    const own = pathOf(document.uri);
    const isName = isTests(document.uri) ? path[0] === "policy" : path[0] === "include" && path.length === 2;
    const name: unknown = previousNode?.value;
    if (!isName || isAtPropertyKey || own === undefined || typeof name !== "string") return undefined;
    const uri = this.#workspace.files.uriOf(join(dirname(own), name));
    const start = { line: 0, character: 0 };
    return this.#workspace.files.get(uri) && { uri, range: { start, end: start } };
  }
}
