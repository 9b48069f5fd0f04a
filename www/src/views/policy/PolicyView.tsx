import { open } from "privet";
import type { Diagnostic, PolicyDescription, PolicyDifference } from "privet/studio";
import { useEffect, useRef, useState } from "preact/hooks";
import { Choice } from "../../parts/Choice.js";
import { openFile, saveFile } from "../../parts/files.js";
import { Icon } from "../../parts/Icon.js";
import { Pane, Panes, Top } from "../../parts/Panes.js";
import { Button, LinkButton, Loading } from "../../parts/ui.js";
import { useApp } from "../../state/app.js";
import { newWorkspace } from "../../state/examples.js";
import { isShared } from "../../state/facts.js";
import { type Model, loadModel } from "../../state/model.js";
import { store } from "../../state/store.js";
import { useStudio } from "../../state/tools.js";
import { policies, products } from "../../state/types.js";
import type { BuiltIn } from "../../state/types.js";
import { accepts } from "../../state/workspaces.js";
import { text } from "../../text/index.js";
import { Difference } from "./Difference.js";
import { documentOf, example } from "./documents.js";
import type { Editor } from "./editor.js";
import type { Language } from "./language.js";
import type { WorkerResponse } from "./protocol.js";
import { ViewTitle } from "../../parts/titles.js";

/** Milliseconds without typing before the document is compiled. */
const PAUSE = 150;
const BLANK = "blank";

interface Checked {
  /** The document that the diagnostics are of. */
  readonly of?: string;
  readonly diagnostics?: readonly Diagnostic[];
  readonly described?: PolicyDescription;
  readonly pack?: Uint8Array;
  readonly difference?: PolicyDifference;
}

export function PolicyView() {
  const { workspace, model, update, ask, start, notify } = useApp();
  const [source, setSource] = useState<string>();
  const [draft, setDraft] = useState("");
  const [checked, setChecked] = useState<Checked>({});
  const [error, setError] = useState<string>();
  const place = useRef<HTMLDivElement>(null);
  const editor = useRef<Editor | undefined>(undefined);
  const language = useLanguage(checked);
  const keep = useRef(update);
  keep.current = update;
  const failed = (thrown: unknown) => setError(String((thrown as Error).message));

  useEffect(() => {
    const initial = workspace.draft ?? workspace.text;
    if (initial !== undefined || workspace.policy === "own") return setSource(initial ?? "");
    documentOf(workspace.policy).then(setSource, failed);
  }, [workspace.id, workspace.text]);

  useEffect(() => {
    if (source === undefined) return;
    let ended = false;
    setDraft(source);
    import("./editor.js").then(({ edit }) => {
      if (ended || !place.current) return;
      const onChange = (text: string) => {
        setDraft(text);
        keep.current({ draft: text });
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

  const replace = (document: string) => editor.current?.replace(document);
  const begin = (id: string) =>
    void (id === BLANK ? Promise.resolve(example) : documentOf(id as BuiltIn)).then(replace, failed);
  const bring = () => void openFile(".json,.jsonc,application/json").then((file) => file?.text().then(replace, failed));
  const errors = (checked.diagnostics ?? []).filter(({ severity }) => severity === "error").length;
  const isReady = checked.of === draft && checked.diagnostics !== undefined && errors === 0;

  /** Uses the draft. An own workspace keeps its people and gets the new version; else it opens as a workspace of its own. */
  const use = async () => {
    try {
      const next = await loadModel("own", draft);
      const { draft: _, ...rest } = workspace;
      const fits = accepts(next, workspace.content);
      const name = next.described.title;
      if (workspace.policy === "own" && fits === undefined) {
        const versions =
          workspace.text === undefined
            ? workspace.versions
            : [...workspace.versions, { name: workspace.name, at: Date.now(), text: workspace.text }];
        await start({ ...rest, text: draft, name, versions: versions.slice(-50) }, next, { view: "person" });
        return notify({ words: text.policy.used(name), tone: "gain" });
      }
      const isSame = next.described.id === model.described.id;
      const id = `w-${Date.now().toString(36)}`;
      if (isSame && fits === undefined) await store.copyImport(workspace.id, id).catch(() => undefined);
      const more = { text: draft, name, ...(isSame && fits === undefined && { content: workspace.content }) };
      await start(newWorkspace(next, id, "own", more), next, { view: "person" });
      notify(
        isSame && fits !== undefined
          ? { words: text.policy.usedAnew(name, fits), tone: "loss" }
          : { words: text.policy.usedOwn(name), tone: "gain" },
      );
    } catch (thrown) {
      failed(thrown);
    }
  };
  return (
    <>
      <Top tabs={[text.policy.editor, text.policy.faultsTitle]}>
        <ViewTitle>{text.policy.title}</ViewTitle>
        <span class="s mute hide-p">{text.policy.editing(model.described.title)}</span>
        <span class="grow" />
        <Choice
          label={text.policy.start}
          value=""
          face={<span>{text.policy.start}</span>}
          items={[
            { id: BLANK, label: text.policy.blank },
            ...policies.map((id) => ({ id: id as string, label: products[id] ?? id })),
          ]}
          onChange={begin}
          acts={[{ label: text.policy.open, icon: "up", act: bring }]}
        />
        <Button
          kind="quiet"
          icon="downl"
          onClick={() =>
            saveFile(new Blob([draft], { type: "application/json" }), `${checked.described?.id ?? workspace.id}.jsonc`)
          }
        >
          {text.policy.export}
        </Button>
        <Button
          kind="primary"
          disabled={!isReady || source === undefined}
          aria-describedby="policy-state"
          onClick={() => void use()}
        >
          {text.policy.use}
        </Button>
      </Top>
      <Panes columns="two">
        <Pane
          place={2}
          label={text.policy.title}
          foot={
            <span class="s dim" id="policy-state">
              {errors > 0 ? text.policy.useErrors : text.policy.own}
            </span>
          }
        >
          {error !== undefined && (
            <p class="pad loss" role="alert">
              {error}
            </p>
          )}
          <div class="editor" ref={place} data-editor>
            {source === undefined && <Loading error={error} />}
          </div>
        </Pane>
        <Pane place={3} label={text.policy.faultsTitle}>
          <Problems {...checked} onChoose={(offset) => editor.current?.goTo(offset)} />
          <div class="pad stack t">
            <div class="rowhead">
              <h2>{text.policy.diff}</h2>
              <LinkButton onClick={() => ask({ view: "compare", mode: "versions" })}>
                {text.versions.compareTwo}
              </LinkButton>
            </div>
            <p class="s dim">{errors > 0 ? text.policy.notNow : text.policy.against(model.described.title)}</p>
            {checked.difference && checked.described && (
              <Difference difference={checked.difference} described={checked.described} />
            )}
          </div>
          {checked.described && errors === 0 && <Contents described={checked.described} />}
          <Versions onOpen={replace} />
        </Pane>
      </Panes>
    </>
  );
}

/** What the document has, by number. */
function Contents({ described }: { described: PolicyDescription }) {
  const { privileges, roles, facts, operations, menu, changeRules, guides } = described;
  const counts = [
    privileges.length,
    roles.length,
    facts.filter(isShared).length,
    facts.filter((fact) => !isShared(fact)).length,
    operations.length,
    menu.length,
    changeRules.length,
    guides.length,
  ];
  return (
    <section class="pad stack t" data-policy-contents>
      <h2>{text.policy.contentsTitle}</h2>
      <ul class="plainlist">
        {text.policy.contents.map((label, index) => (
          <li class="rowhead" key={label}>
            <span>{label}</span>
            <span class="num">{text.n(counts[index] ?? 0)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Stored versions of this workspace's policy. */
function Versions({ onOpen }: { onOpen: (text: string) => void }) {
  const { workspace } = useApp();
  if (workspace.versions.length === 0) return null;
  return (
    <section class="pad stack t">
      <h3>{text.versions.stored}</h3>
      <ul class="req">
        {[...workspace.versions].reverse().map((version) => (
          <li key={version.at}>
            <Icon name="clock" />
            <span>
              {version.name} <span class="s mute">{text.time(version.at)}</span>
            </span>
            <LinkButton onClick={() => onOpen(version.text)}>{text.versions.open}</LinkButton>
          </li>
        ))}
      </ul>
    </section>
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
  const last = useRef({ id: 0, text: "" });
  useEffect(() => {
    const made = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    made.onmessage = ({ data }: MessageEvent<WorkerResponse>) => {
      if (data.id !== last.current.id) return;
      if ("error" in data) setError(data.error);
      else if ("diagnostics" in data)
        setChecked((was) => ({
          of: last.current.text,
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
    const timer = setTimeout(() => {
      last.current = { id: last.current.id + 1, text: draft };
      worker.current?.postMessage({ ...last.current, loaded: model.pack });
    }, PAUSE);
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
      <p class="pad dim" role="status">
        {text.policy.checking}
      </p>
    );
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  return (
    <>
      <div class="pad">
        <h2 data-faults>
          {diagnostics.length === 0 ? text.policy.fine : text.policy.faults(errors, diagnostics.length - errors)}
        </h2>
      </div>
      <ul>
        {diagnostics.map(({ severity, code, message, help, span, pointer }) => (
          <li class="prob" data-fault={code} key={`${pointer} ${code} ${message}`}>
            <Icon name={severity === "error" ? "no" : "warn"} kind={severity === "error" ? "loss" : "warn"} />
            <span>
              <span class="sr">{text.policy.severity[severity]}: </span>
              {message}
              {help && (
                <span class="s dim">
                  <br />
                  {help}
                </span>
              )}
              <br />
              <span class="xs mute">{code}</span>
            </span>
            {span && <LinkButton onClick={() => onChoose(span.start)}>{text.policy.goTo(span.line)}</LinkButton>}
          </li>
        ))}
      </ul>
    </>
  );
}
