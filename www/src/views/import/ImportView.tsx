import { useEffect, useRef, useState } from "preact/hooks";
import { Dialog } from "../../parts/Dialog.js";
import { openFile, saveFile } from "../../parts/files.js";
import { Icon } from "../../parts/Icon.js";
import { Top } from "../../parts/Panes.js";
import { Button, Empty, Loading, Verdict } from "../../parts/ui.js";
import { useApp } from "../../state/app.js";
import { text } from "../../text/index.js";
import { Example, Meanings } from "./Guide.js";
import { Mapping } from "./Mapping.js";
import { Problems } from "./Problems.js";
import { type Imported, MANY, usePeople } from "./people.js";
import type { TablePreview } from "./protocol.js";
import { ColumnsRead, LargestGroups, useChecked } from "./Read.js";
import { sample } from "./sample.js";
import { ViewTitle } from "../../parts/titles.js";

/** How many people the file with samples has. */
const SAMPLE = 200;
const TYPES = ".csv,.tsv,.txt,.json,.xlsx,text/csv,application/json";

export function ImportView() {
  const { model, ask, workspace, say } = useApp();
  const imported = usePeople();
  const { phase, error } = imported;
  const [removing, setRemoving] = useState(false);
  const choose = (file: File | undefined) => file && void imported.choose(file, file.name, model);
  useAnnouncements(imported, say);
  if (phase.is === "mapping")
    return <Mapping imported={imported} phase={phase} onAnother={() => void openFile(TYPES).then(choose)} />;
  const resolved = phase.is === "resolved" ? phase.resolved : undefined;
  return (
    <>
      <Top>
        <ViewTitle>{text.imports.title}</ViewTitle>
        {resolved && <span class="s mute hide-p">{text.imports.again(phase.is === "resolved" ? phase.file : "")}</span>}
        <span class="grow" />
        {resolved && (
          <>
            <Button kind="quiet" class="hide-p" onClick={() => setRemoving(true)}>
              {text.imports.remove}
            </Button>
            <Button onClick={() => imported.remap()}>{text.imports.columns}</Button>
          </>
        )}
      </Top>
      <div class="import-body" data-phase={phase.is}>
        {error !== "" && (
          <div role="alert" class="pad">
            <Verdict tone="no">{error}</Verdict>
          </div>
        )}
        {(phase.is === "looking" || phase.is === "reading") && <Loading />}
        {phase.is === "resolved" && <Drop onFile={choose} />}
        {phase.is === "empty" && (
          <div class="split-import opening">
            <div>
              <Drop onFile={choose} />
              <div class="pad">
                <Example />
              </div>
            </div>
            <div class="pad">
              <Meanings />
            </div>
          </div>
        )}
        {phase.is === "resolving" && (
          <div class="pad stack t" data-progress>
            <div class="flex">
              <span class="spin" aria-hidden="true" />
              <span class="grow">{text.imports.progress(phase.done, phase.all)}</span>
              <Button onClick={() => imported.cancel(text.imports.cancelled)}>{text.cancel}</Button>
            </div>
            <progress aria-label={text.imports.title} value={phase.done} max={Math.max(1, phase.all)} />
          </div>
        )}
        {resolved && (
          <div class="split-import">
            <div class="pad stack">
              <p data-summary>
                <b>{text.imports.imported(resolved.size, resolved.problemCount)}</b>
                <span class="s mute"> {text.imports.took(resolved.ms)}</span>
              </p>
              <div class="flex wrap">
                <Button kind="primary" icon="grid" onClick={() => ask({ view: "matrix", matrix: "groups" })}>
                  {text.installation.openMatrix}
                </Button>
                <Button
                  icon="downl"
                  onClick={() =>
                    void imported.client
                      ?.export("everything", workspace.groups)
                      .then((blob) => saveFile(blob, `${workspace.id}-access.csv`))
                  }
                >
                  {text.imports.export}
                </Button>
              </div>
              <LargestGroups resolved={resolved} />
              {resolved.dormant.length > 0 && (
                <section class="stack t">
                  <h3>{text.why.dormant}</h3>
                  <ul class="req">
                    {resolved.dormant.slice(0, 12).map(({ privilege, people }) => (
                      <li key={privilege}>
                        <Icon name="warn" kind="warn" />
                        <span>{model.label(privilege)}</span>
                        <span class="v">{text.workspaces.people(people)}</span>
                      </li>
                    ))}
                  </ul>
                </section>
              )}
            </div>
            <div>
              <Problems
                problems={resolved.problems}
                count={resolved.problemCount}
                onExport={() =>
                  void imported.client
                    ?.export("errors", {})
                    .then((blob) => saveFile(blob, `${workspace.id}-problems.csv`))
                }
              />
              {imported.preview && !imported.preview.isJson && (
                <Columns imported={imported} preview={imported.preview} />
              )}
            </div>
          </div>
        )}
      </div>
      {removing && (
        <Dialog
          title={text.imports.removeTitle(resolved?.size ?? 0)}
          act={text.imports.remove}
          onAct={() => void imported.remove()}
          onClose={() => setRemoving(false)}
        >
          <p>{text.imports.removeHelp}</p>
        </Dialog>
      )}
    </>
  );
}

function Columns({ imported, preview }: { imported: Imported; preview: TablePreview }) {
  const { checked } = useChecked(imported, preview, imported.meanings);
  return <ColumnsRead preview={preview} meanings={imported.meanings} checked={checked} />;
}

/** Says how far an import is, at most once in two seconds, and what came of it. */
function useAnnouncements(imported: ReturnType<typeof usePeople>, say: (words: string) => void) {
  const { phase } = imported;
  const last = useRef({ at: 0, is: phase.is as string });
  useEffect(() => {
    if (phase.is === "resolving" && Date.now() - last.current.at > 2000) {
      last.current.at = Date.now();
      say(text.imports.announced(phase.done, phase.all));
    }
    if (phase.is === "resolved" && last.current.is === "resolving")
      say(text.imports.imported(phase.resolved.size, phase.resolved.problemCount));
    last.current.is = phase.is;
  }, [phase]);
}

/** Where a file is dropped or chosen, with sample people as an alternative. */
function Drop({ onFile }: { onFile: (file: File | undefined) => void }) {
  const { model, workspace, content } = useApp();
  const imported = usePeople();
  const [over, setOver] = useState(false);
  const give = () => saveFile(sample(SAMPLE, model.described), `${workspace.id}-people.csv`);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping needs a pointer; the button does the same by keyboard
    <div
      class={`pad drop ${over ? "over" : ""}`}
      data-drop
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        onFile(event.dataTransfer?.files[0]);
      }}
    >
      <Empty title={text.imports.drop}>
        <p class="s dim">{text.imports.local}</p>
        <div class="flex wrap">
          <Button
            kind={imported.phase.is === "resolved" ? "" : "primary"}
            icon="up"
            onClick={() => void openFile(TYPES).then(onFile)}
          >
            {text.imports.choose}
          </Button>
          <Button icon="downl" onClick={give}>
            {text.imports.sample}
          </Button>
          <Button kind="quiet" onClick={() => void imported.trySample(model, content)}>
            {text.imports.try(MANY)}
          </Button>
        </div>
      </Empty>
    </div>
  );
}
