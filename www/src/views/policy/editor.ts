// CodeMirror, in its own chunk: loaded only when the editor is opened.
import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching } from "@codemirror/language";
import { lintKeymap, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { EditorView, highlightActiveLine, hoverTooltip, keymap, lineNumbers } from "@codemirror/view";
import type { Tooltip } from "@codemirror/view";
import type { Diagnostic } from "privet/studio";
import { language } from "./jsonc.js";

/** An id declared by the document, with its completion and hover text. */
export interface Declaration {
  readonly id: string;
  readonly label: string;
  readonly kind: string;
  readonly help: string;
  /** Levels or options, if any. */
  readonly values?: readonly { readonly id: string; readonly label: string }[];
}

export interface Editor {
  show(diagnostics: readonly Diagnostic[]): void;
  replace(text: string): void;
  goTo(offset: number): void;
  readonly destroy: () => void;
}

interface Options {
  readonly parent: HTMLElement;
  readonly text: string;
  readonly label: string;
  readonly declared: () => ReadonlyMap<string, Declaration>;
  readonly onChange: (text: string) => void;
}

const ID = /[A-Za-z0-9]+(?:[-._:][A-Za-z0-9]+)*/g;

export function edit({ parent, text, label, declared, onChange }: Options): Editor {
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        history(),
        bracketMatching(),
        highlightActiveLine(),
        EditorView.lineWrapping,
        language,
        look,
        autocompletion({ override: [(context) => complete(context, declared())] }),
        hoverTooltip((view, at) => help(view, at, declared())),
        keymap.of([...completionKeymap, ...lintKeymap, ...historyKeymap, ...defaultKeymap]),
        EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false", tabindex: "0" }),
        EditorView.updateListener.of((update) => update.docChanged && onChange(update.state.doc.toString())),
      ],
    }),
  });
  return {
    show(diagnostics) {
      const places = positions(
        view.state.doc.toString(),
        diagnostics.flatMap(({ span }) => (span ? [span.start, span.end] : [])),
      );
      const end = view.state.doc.length;
      const shown = diagnostics.map(({ span, severity, code, message, help }) => {
        const from = Math.min(end, (span && places.get(span.start)) ?? 0);
        const to = Math.min(end, (span && places.get(span.end)) ?? from);
        return {
          from,
          to: Math.max(from, to),
          severity,
          source: code,
          message: help === undefined ? message : `${message}\n${help}`,
        };
      });
      view.dispatch(setDiagnostics(view.state, shown));
    },
    replace: (text) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } }),
    goTo(offset) {
      const at = positions(view.state.doc.toString(), [offset]).get(offset) ?? 0;
      view.dispatch({
        selection: { anchor: Math.min(at, view.state.doc.length) },
        effects: EditorView.scrollIntoView(at, { y: "center" }),
      });
      view.focus();
    },
    destroy: () => view.destroy(),
  };
}

/** Maps UTF-8 byte offsets to UTF-16 string offsets. */
function positions(text: string, offsets: readonly number[]): Map<number, number> {
  const found = new Map<number, number>();
  let [at, bytes] = [0, 0];
  for (const offset of [...new Set(offsets)].sort((a, b) => a - b)) {
    while (bytes < offset && at < text.length) {
      const point = text.codePointAt(at) ?? 0;
      bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
      at += point < 0x10000 ? 1 : 2;
    }
    found.set(offset, at);
  }
  return found;
}

/** Completes ids inside strings: values after a comparison operator, otherwise all declared ids. */
function complete(context: CompletionContext, declared: ReadonlyMap<string, Declaration>): CompletionResult | null {
  const line = context.state.doc.lineAt(context.pos);
  const before = line.text.slice(0, context.pos - line.from);
  const quotes = before.match(/(?<!\\)"/g)?.length ?? 0;
  if (quotes % 2 === 0) return null;
  const word = /[A-Za-z0-9._:-]*$/.exec(before)?.[0] ?? "";
  if (word === "" && !context.explicit && !/(?:[<>=(]|\band|\bor|\bnot)\s*$/.test(before)) return null;
  const compared = /([A-Za-z0-9][A-Za-z0-9._:-]*)\s*(?:>=|<=|!=|=|>|<)\s*[A-Za-z0-9._:-]*$/.exec(before)?.[1] ?? "";
  const values = declared.get(compared)?.values;
  const options = values
    ? values.map(({ id, label }): Completion => ({ label: id, detail: label, type: "enum" }))
    : [...declared.values()].map(
        ({ id, label, kind }): Completion => ({ label: id, detail: label, info: kind, type: "variable" }),
      );
  return { from: context.pos - word.length, options, validFor: /^[A-Za-z0-9._:-]*$/ };
}

/** Hover help for the id under the pointer. */
function help(view: EditorView, at: number, declared: ReadonlyMap<string, Declaration>): Tooltip | null {
  const line = view.state.doc.lineAt(at);
  for (const found of line.text.matchAll(ID)) {
    const [from, to] = [line.from + found.index, line.from + found.index + found[0].length];
    const word = declared.get(found[0]);
    if (at < from || at > to || !word) continue;
    const create = () => {
      const dom = document.createElement("div");
      dom.className = "hover-help";
      for (const [tag, text] of [
        ["strong", word.label],
        ["span", word.kind],
        ["p", word.help],
      ] as const) {
        if (text) dom.append(Object.assign(document.createElement(tag), { textContent: text }), " ");
      }
      return { dom };
    };
    return { pos: from, end: to, above: true, create };
  }
  return null;
}

const look = EditorView.theme({
  "&": { height: "100%", backgroundColor: "var(--panel)", color: "var(--text)" },
  ".cm-content": { caretColor: "var(--text)" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  ".cm-gutters": { backgroundColor: "var(--panel)", color: "var(--dim)", borderRight: "1px solid var(--line)" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--raised) 60%, transparent)" },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "-2px" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--soft)",
  },
  ".cm-lintRange-error": {
    backgroundImage: "none",
    textDecoration: "underline wavy var(--loss)",
    textUnderlineOffset: "3px",
  },
  ".cm-lintRange-warning": {
    backgroundImage: "none",
    textDecoration: "underline wavy var(--warn)",
    textUnderlineOffset: "3px",
  },
  ".cm-tooltip": {
    backgroundColor: "var(--panel)",
    color: "var(--text)",
    border: "1px solid var(--edge)",
    borderRadius: "6px",
    maxWidth: "480px",
  },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--on-accent)" },
  ".cm-completionDetail": { color: "inherit" },
});
