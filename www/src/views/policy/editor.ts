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
import { jsonc } from "./jsonc.js";
import type { Language } from "./language.js";

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
  /** Completion and help; `undefined` until the studio is loaded. */
  readonly language: () => Language | undefined;
  readonly onChange: (text: string) => void;
}

/** The kinds of completions as those of CodeMirror, which have icons. */
const TYPES = {
  id: "variable",
  value: "enum",
  keyword: "keyword",
  operator: "keyword",
  key: "property",
  constant: "constant",
};

export function edit({ parent, text, label, language, onChange }: Options): Editor {
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
        jsonc,
        look,
        autocompletion({ override: [(context) => complete(context, language())] }),
        hoverTooltip((view, at) => help(view, at, language())),
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

/** Completes what may be written, where a word was begun or on request. */
function complete(context: CompletionContext, language: Language | undefined): CompletionResult | null {
  const text = context.state.doc.toString();
  const before = text.slice(Math.max(0, context.pos - 20), context.pos);
  if (!language || !(context.explicit || /(?:[\w.:-]|[<>=("]|\b(?:and|or|not) )$/.test(before))) return null;
  const found = language.completions(text, context.pos);
  const { start, end } = found[0]?.range ?? {};
  if (start === undefined || end === undefined) return null;
  const options = found.map(({ label, kind, detail, text }, index): Completion => {
    const isKey = kind === "key" || kind === "constant";
    const shown = { label: text, displayLabel: label, type: TYPES[kind], boost: Math.max(-99, 99 - index) };
    return isKey ? { ...shown, info: detail } : { ...shown, detail };
  });
  return { from: start, to: end, options, validFor: /^"?[A-Za-z0-9._:-]*$/ };
}

/** Help for the id or key under the pointer. */
function help(view: EditorView, at: number, language: Language | undefined): Tooltip | null {
  const found = language?.hover(view.state.doc.toString(), at);
  if (!found) return null;
  const create = () => {
    const dom = document.createElement("div");
    dom.className = "hover-help";
    const parts = [["strong", found.title], ["span", found.kind], ...found.lines.map((line) => ["p", line])] as const;
    for (const [tag = "p", text = ""] of parts)
      dom.append(Object.assign(document.createElement(tag), { textContent: text }), " ");
    return { dom };
  };
  return { pos: found.start, end: found.end, above: true, create };
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
