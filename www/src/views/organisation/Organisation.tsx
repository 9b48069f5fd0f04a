import { useEffect, useRef, useState } from "preact/hooks";
import { Button } from "../../parts/ui.js";
import { useApp } from "../../state/app.js";
import type { Model } from "../../state/model.js";
import { text } from "../../text.js";
import { Mapping } from "./Mapping.js";
import type { Meaning } from "./mapping.js";
import { download, createClient } from "./client.js";
import type { PeopleClient } from "./client.js";
import type { TablePreview, Resolved } from "./protocol.js";
import { Results } from "./Results.js";
import { sample } from "./sample.js";

const MANY = 100_000;
const SAMPLE = 20;

type Phase =
  | { readonly is: "empty" | "reading" }
  | { readonly is: "mapping"; readonly file: string; readonly preview: TablePreview }
  | { readonly is: "resolving"; readonly done: number; readonly all: number }
  | { readonly is: "resolved"; readonly resolved: Resolved };

/** The loaded people, kept while other views are open. */
let cached: { readonly model: Model; readonly client: PeopleClient; readonly phase: Phase } | undefined;

export function Organisation() {
  const { state, model, go } = useApp();
  const client = useRef(cached?.model === model ? cached.client : undefined);
  const [phase, setPhase] = useState<Phase>(cached?.model === model ? cached.phase : { is: "empty" });
  const [error, setError] = useState("");

  const show = (phase: Phase) => {
    if (client.current) cached = { model, client: client.current, phase };
    setPhase(phase);
  };
  const stop = (message = "") => {
    client.current?.stop();
    client.current = undefined;
    cached = undefined;
    setPhase({ is: "empty" });
    setError(message);
  };
  /** Runs a request on the worker; the result is dropped if the worker was stopped in the meantime. */
  const work = async (doIt: (running: PeopleClient) => Promise<Phase>) => {
    client.current ??= createClient();
    const running = client.current;
    setError("");
    try {
      const next = await doIt(running);
      if (client.current === running) show(next);
    } catch (thrown) {
      if (client.current === running) stop((thrown as Error).message);
    }
  };
  const resolve = (meanings: readonly Meaning[]) =>
    work(async (running) => {
      setPhase({ is: "resolving", done: 0, all: 1 });
      const onProgress = (done: number, all: number) =>
        client.current === running && setPhase({ is: "resolving", done, all });
      return { is: "resolved", resolved: await running.resolve(meanings, onProgress) };
    });
  const read = (file: File | { readonly sample: number }) =>
    work(async (running) => {
      setPhase({ is: "reading" });
      const preview = await running.read(file, model.pack);
      if (file instanceof File && !preview.isJson) return { is: "mapping", file: file.name, preview };
      queueMicrotask(() => void resolve(preview.meanings));
      return { is: "resolving", done: 0, all: preview.rows };
    });

  useEffect(() => {
    if (state.crowd > 0 && phase.is === "empty") void read({ sample: Math.min(state.crowd, MANY) });
  }, [state.crowd]);

  const again = () => {
    go({ crowd: 0 });
    stop();
  };
  return (
    <div class="stack">
      <section class="panel" aria-label={text.organisation.title}>
        <div class="panel-head">
          <h2>{text.organisation.title}</h2>
          {phase.is !== "empty" && phase.is !== "resolving" && (
            <Button onClick={again}>{text.organisation.again}</Button>
          )}
        </div>
        {error && (
          <p class="error" role="alert">
            {error}
          </p>
        )}
        {phase.is === "empty" && <Drop onFile={(file) => void read(file)} onTry={() => go({ crowd: MANY })} />}
        {phase.is === "reading" && (
          <p role="status" class="loading">
            {text.organisation.reading}
          </p>
        )}
        {phase.is === "mapping" && (
          <Mapping file={phase.file} preview={phase.preview} onRead={(meanings) => void resolve(meanings)} />
        )}
        {phase.is === "resolving" && (
          <div class="progress" role="status">
            <progress aria-label={text.organisation.read} value={phase.done} max={phase.all} />
            <span>{text.organisation.progress(phase.done, phase.all)}</span>
            <Button
              onClick={() => {
                go({ crowd: 0 });
                stop(text.organisation.cancelled);
              }}
            >
              {text.organisation.cancel}
            </Button>
          </div>
        )}
        {phase.is === "resolved" && (
          <p role="status" data-summary>
            {text.organisation.summary(
              phase.resolved.size,
              phase.resolved.groupCount,
              phase.resolved.errorCount,
              phase.resolved.ms,
            )}
          </p>
        )}
      </section>
      {phase.is === "resolved" && client.current && <Results client={client.current} resolved={phase.resolved} />}
    </div>
  );
}

/** Drop zone and file chooser, with sample data as an alternative. */
function Drop({ onFile, onTry }: { onFile: (file: File) => void; onTry: () => void }) {
  const { model, state } = useApp();
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer?.files[0];
    if (file) onFile(file);
  };
  const give = () =>
    download(new Blob([sample(SAMPLE, model.described)], { type: "text/csv" }), `${state.policy}-people.csv`);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping needs a pointer; the button does the same by keyboard
    <div
      class={`drop ${over ? "over" : ""}`}
      data-drop
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <p class="empty-title">{text.organisation.drop}</p>
      <input
        ref={input}
        type="file"
        class="unseen"
        tabIndex={-1}
        aria-label={text.organisation.choose}
        accept=".xlsx,.csv,.tsv,.txt,.json,text/csv,application/json"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          if (file) onFile(file);
        }}
      />
      <div class="pair">
        <Button kind="main" onClick={() => input.current?.click()}>
          {text.organisation.choose}
        </Button>
        <Button onClick={give}>{text.organisation.sample}</Button>
        <Button onClick={onTry}>{text.organisation.try(MANY)}</Button>
      </div>
      <p class="note">{text.organisation.local}</p>
    </div>
  );
}
