import type { Diagnostic, PolicyDescription, PolicyDifference } from "privet/studio";
import { open } from "privet";
import { useEffect, useRef, useState } from "preact/hooks";
import { Badge, Button, Loading, Select } from "../../parts/ui.js";
import { useApp } from "../../state/app.js";
import type { Model } from "../../state/model.js";
import { useStudio } from "../../state/tools.js";
import { policies } from "../../state/types.js";
import type { PolicyId } from "../../state/types.js";
import { text } from "../../text.js";
import { Difference } from "./Difference.js";
import { documentOf, example } from "./documents.js";
import type { Editor } from "./editor.js";
import type { Language } from "./language.js";
import type { WorkerResponse } from "./protocol.js";

/** Milliseconds without typing before the document is compiled. */
const PAUSE = 150;
const BLANK = "blank";

/** Unsaved drafts by policy, kept while other views are open. */
const drafts = new WeakMap<Model, string>();

interface Checked {
  readonly diagnostics?: readonly Diagnostic[];
  readonly described?: PolicyDescription;
  readonly pack?: Uint8Array;
  readonly difference?: PolicyDifference;
}

export function Policy() {
  const { state, model, go } = useApp();
  const [source, setSource] = useState<string>();
  const [draft, setDraft] = useState("");
  const [checked, setChecked] = useState<Checked>({});
  const [error, setError] = useState<string>();
  const place = useRef<HTMLDivElement>(null);
  const editor = useRef<Editor | undefined>(undefined);
  const language = useLanguage(checked);
  const failed = (thrown: unknown) => setError(String((thrown as Error).message));

  useEffect(() => {
    const initial = drafts.get(model) ?? state.text;
    if (initial !== undefined || state.policy === "own") return setSource(initial ?? "");
    documentOf(state.policy).then(setSource, failed);
  }, [model]);

  useEffect(() => {
    if (source === undefined) return;
    let ended = false;
    setDraft(source);
    import("./editor.js").then(({ edit }) => {
      if (ended || !place.current) return;
      const onChange = (text: string) => {
        drafts.set(model, text);
        setDraft(text);
      };
      editor.current = edit({
        parent: place.current,
        text: source,
        label: text.policy.editor,
        language: () => language.current,
        onChange,
      });
    }, failed);
    return () => {
      ended = true;
      editor.current?.destroy();
      editor.current = undefined;
    };
  }, [source]);

  useChecks(model, source === undefined ? undefined : draft, setChecked, setError);
  useEffect(() => {
    if (checked.diagnostics) editor.current?.show(checked.diagnostics);
  }, [checked.diagnostics]);

  const start = (id: string) =>
    void (id === BLANK ? Promise.resolve(example) : documentOf(id as Exclude<PolicyId, "own">)).then(
      (text) => editor.current?.replace(text),
      failed,
    );
  const options = [
    { id: "", label: "–" },
    { id: BLANK, label: text.policy.blank },
    ...policies.map((id) => ({ id, label: id })),
  ];
  const isFine = checked.difference !== undefined;
  return (
    <div class="split editing">
      <section class="panel" aria-label={text.policy.title}>
        <div class="toolbar">
          <h2>{text.policy.editing(model.described.title)}</h2>
          <Select label={text.policy.start} visible options={options} value="" onChange={(id) => id && start(id)} />
        </div>
        {error !== undefined && (
          <p class="error" role="alert">
            {error}
          </p>
        )}
        <p class="note">{text.policy.own}</p>
        <div class="editor" ref={place} data-editor>
          {source === undefined && <Loading />}
        </div>
      </section>
      <section class="panel findings" aria-label={text.policy.faultsTitle}>
        <Button kind="main" disabled={!isFine} onClick={() => go({ policy: "own", text: draft, view: "preview" })}>
          {text.policy.load}
        </Button>
        <Problems {...checked} onChoose={(offset) => editor.current?.goTo(offset)} />
        <h2>{text.policy.diff}</h2>
        <p class="dim">{text.policy.against(model.described.title)}</p>
        {checked.difference && checked.described ? (
          <Difference difference={checked.difference} described={checked.described} />
        ) : (
          <p class="dim">{text.policy.notNow}</p>
        )}
      </section>
    </div>
  );
}

/** Checks the document in a worker, debounced. */
function useChecks(
  model: Model,
  draft: string | undefined,
  setChecked: (update: (was: Checked) => Checked) => void,
  setError: (error: string) => void,
) {
  const worker = useRef<Worker | undefined>(undefined);
  const last = useRef(0);
  useEffect(() => {
    const made = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    made.onmessage = ({ data }: MessageEvent<WorkerResponse>) => {
      if (data.id !== last.current) return;
      if ("error" in data) setError(data.error);
      else if ("diagnostics" in data)
        setChecked((was) => ({
          diagnostics: data.diagnostics,
          ...(was.described && was.pack && { described: was.described, pack: was.pack }),
        }));
      else setChecked((was) => ({ ...was, described: data.described, pack: data.pack, difference: data.difference }));
    };
    made.onerror = ({ message }) => setError(message);
    worker.current = made;
    return () => made.terminate();
  }, []);
  useEffect(() => {
    if (draft === undefined) return;
    const timer = setTimeout(
      () => worker.current?.postMessage({ id: ++last.current, text: draft, loaded: model.pack }),
      PAUSE,
    );
    return () => clearTimeout(timer);
  }, [draft, model]);
}

/** Completion and help, which know the last version that compiled. */
function useLanguage({ pack, described }: Checked) {
  const language = useRef<Language | undefined>(undefined);
  const { studio } = useStudio();
  useEffect(() => {
    if (!studio) return;
    void Promise.all([import("./language.js"), import("privet/language")]).then(([{ Language }, { Knowledge }]) => {
      language.current ??= new Language(studio);
      if (pack && described) language.current.knowledge = new Knowledge(open(pack), described);
    });
  }, [studio, pack, described]);
  return language;
}

function Problems({ diagnostics, onChoose }: Checked & { onChoose: (offset: number) => void }) {
  if (!diagnostics)
    return (
      <p class="dim" role="status">
        {text.policy.checking}
      </p>
    );
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  return (
    <>
      <h2 data-faults>
        {diagnostics.length === 0 ? text.policy.fine : text.policy.faults(errors, diagnostics.length - errors)}
      </h2>
      <ul class="faults">
        {diagnostics.map(({ severity, code, message, help, span, pointer }) => (
          <li key={`${pointer} ${code} ${message}`}>
            <p>
              <Badge tone={severity === "error" ? "loss" : "warn"}>{text.policy.severity[severity]}</Badge> {message}{" "}
              {span && (
                <button type="button" class="link" onClick={() => onChoose(span.start)}>
                  {text.policy.goTo(span.line)}
                </button>
              )}
            </p>
            {help && <p class="note">{help}</p>}
          </li>
        ))}
      </ul>
    </>
  );
}
