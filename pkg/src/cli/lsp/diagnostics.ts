// The diagnostics of policies and of policy tests, with their corrections.
import { findNodeAtLocation, parse, parseTree, type ParseError } from "jsonc-parser";
import { quickFixesOf, referencesIn, type TestReference } from "privet/language";
import type { Diagnostic as Finding } from "privet/studio";
import { DiagnosticSeverity, type Diagnostic, type Range, type TextEdit } from "vscode-languageserver/node";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { syntaxFault } from "../jsonc.js";
import { shapeFaults } from "../policy-tests/file.js";
import type { Project } from "./project.js";

/** A diagnostic with its corrections. */
export interface Found {
  readonly diagnostic: Diagnostic;
  readonly fixes: readonly { readonly title: string; readonly edit: TextEdit }[];
}

/** A range of offsets as lines and columns. */
export const rangeIn = (document: TextDocument, { start, end }: { start: number; end: number }): Range => ({
  start: document.positionAt(start),
  end: document.positionAt(end),
});

/** The diagnostics of a policy, by the names of its files. */
export function diagnosticsOf(project: Project): Map<string, Found[]> {
  const byFile = new Map<string, Found[]>([...project.uris.keys()].map((name) => [name, []]));
  for (const finding of project.diagnostics) {
    const name = finding.file !== undefined && byFile.has(finding.file) ? finding.file : "";
    const document = project.document(name);
    if (document) byFile.get(name)!.push(found(project, finding, document));
  }
  return byFile;
}

function found(project: Project, finding: Finding, document: TextDocument): Found {
  const { code, severity, message, help, file, span, related = [] } = finding;
  const offsets = span ? project.range({ ...(file !== undefined && { file }), ...span }) : { start: 0, end: 0 };
  const relatedInformation = related.flatMap(({ message, file = "", span }) => {
    const other = project.document(file);
    if (!span || !other) return [];
    const place = project.range({ ...(file !== "" && { file }), ...span });
    return [{ message, location: { uri: other.uri, range: rangeIn(other, place) } }];
  });
  const diagnostic: Diagnostic = {
    range: rangeIn(document, offsets),
    severity: severity === "error" ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
    code,
    source: "privet",
    message: help === undefined ? message : `${message}\n${help}`,
    ...(relatedInformation.length > 0 && { relatedInformation }),
  };
  const fixes = quickFixesOf(finding, document.getText(), offsets).map(({ title, text, ...range }) => {
    return { title, edit: { range: rangeIn(document, range), newText: text } };
  });
  return { diagnostic, fixes };
}

/** The diagnostics of a file of tests. */
export function testDiagnosticsOf(document: TextDocument, project: Project | undefined): Found[] {
  const text = document.getText();
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: false });
  const error = (range: { start: number; end: number }, code: string, message: string): Found => {
    const severity = DiagnosticSeverity.Error;
    return { diagnostic: { range: rangeIn(document, range), severity, code, source: "privet", message }, fixes: [] };
  };
  if (errors.length > 0) {
    return errors.map((fault) => {
      const { offset, length } = fault;
      return error({ start: offset, end: offset + length }, "syntax", syntaxFault(fault));
    });
  }
  const root = parseTree(text);
  const shape = shapeFaults(value).map(({ path, message }) => {
    const { offset, length } = (root && nodeAt(root, path)) ?? { offset: 0, length: 0 };
    return error({ start: offset, end: offset + length }, "invalid-tests", message);
  });
  if (!project)
    return [
      ...shape,
      error({ start: 0, end: 0 }, "no-policy", "these tests have no document beside them; name it in the key `policy`"),
    ];
  const { index, words } = project;
  const unknown = referencesIn(text, index, words).filter(({ symbol }) => !symbol?.declared.length);
  const ids = unknown.map((reference) => {
    const { diagnostic } = error(reference, "unknown-id", `unknown ${nounOf(reference)} \`${reference.id}\``);
    const nearest = project.knowledge?.nearest(reference.namespace, reference.id);
    if (nearest === undefined) return { diagnostic, fixes: [] };
    const edit = { range: diagnostic.range, newText: nearest };
    const message = `${diagnostic.message}\ndid you mean \`${nearest}\`?`;
    return { diagnostic: { ...diagnostic, message }, fixes: [{ title: `Replace by \`${nearest}\``, edit }] };
  });
  return [...shape, ...ids];
}

const nounOf = ({ namespace }: TestReference) =>
  namespace === "name" ? "fact, condition, privilege or role" : namespace.replace("-", " ");

/** The node at a path, or the nearest one above it. */
function nodeAt(root: NonNullable<ReturnType<typeof parseTree>>, path: readonly (string | number)[]) {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = findNodeAtLocation(root, path.slice(0, length));
    if (node) return node;
  }
  return root;
}
