import { useEffect, useState } from "preact/hooks";
import { EffectTags } from "../../parts/Effects.js";
import { Heading } from "../../parts/titles.js";
import { Avatar, Button, LinkButton, Tag } from "../../parts/ui.js";
import { useApp } from "../../state/app.js";
import type { Model } from "../../state/model.js";
import { text } from "../../text/index.js";
import { type Imported, usePeople } from "../import/people.js";
import { type Changed, type VersionEffect, changeKinds } from "../import/protocol.js";
import { useOpenPerson } from "../matrix/openPerson.js";
import { changeWords } from "./changeWords.js";

type Compared =
  | { readonly is: "running"; readonly done: number; readonly all: number }
  | { readonly is: "done"; readonly effect: VersionEffect }
  | { readonly is: "stopped"; readonly why: string };

/** The imported people whose access or menu differs between the versions: how many, and the first of them. */
export function AffectedImported({ before, after }: { before: Model; after: Model }) {
  const imported = usePeople();
  const { compared, compare } = useCompared(imported, before, after);
  const { phase, client } = imported;
  if (phase.is !== "resolved") return null;
  return (
    <section class="stack t" data-affected-imported={compared?.is ?? ""}>
      <Heading level={3} count={text.installation.importedCount(phase.file, phase.resolved.size)}>
        {text.installation.imported}
      </Heading>
      {compared?.is === "running" && (
        <>
          <div class="flex">
            <span class="grow s">{text.imports.progress(compared.done, compared.all)}</span>
            <Button kind="sm" onClick={() => void client?.stopVersions()}>
              {text.cancel}
            </Button>
          </div>
          <progress aria-label={text.versions.people} value={compared.done} max={Math.max(1, compared.all)} />
        </>
      )}
      {compared?.is === "stopped" && (
        <div class="flex">
          <span class="grow s dim">{compared.why}</span>
          <Button kind="sm" onClick={compare}>
            {text.versions.again}
          </Button>
        </div>
      )}
      {compared?.is === "done" && (
        <Kinds
          imported={imported}
          effect={compared.effect}
          all={phase.resolved.size}
          labels={{ before: before.label, after: after.label }}
        />
      )}
    </section>
  );
}

function Kinds({
  imported,
  effect: { affected, kinds },
  all,
  labels,
}: {
  imported: Imported;
  effect: VersionEffect;
  all: number;
  labels: { readonly before: Model["label"]; readonly after: Model["label"] };
}) {
  if (affected === 0) return <p class="s dim">{text.versions.nobodyImported}</p>;
  return (
    <>
      <p class="s" data-affected-count>
        <b>{text.versions.affected(affected, all)}</b>
      </p>
      {changeKinds.map((kind) => {
        const { count, first } = kinds[kind];
        if (count === 0) return null;
        return (
          <div key={kind} class="stack t" data-kind={kind}>
            <h4>{text.versions.kinds[kind](count)}</h4>
            <ul class="people">
              {first.map((person) => (
                <Person key={person.row} imported={imported} person={person} labels={labels} />
              ))}
            </ul>
            {count > first.length && <p class="s dim">{text.matrix.more(count - first.length)}</p>}
          </div>
        );
      })}
    </>
  );
}

function Person({
  imported,
  person,
  labels,
}: {
  imported: Imported;
  person: Changed;
  labels: { readonly before: Model["label"]; readonly after: Model["label"] };
}) {
  const open = useOpenPerson(imported);
  return (
    <li>
      <Avatar name={person.name} />
      <span>
        <LinkButton aria-label={`${text.matrix.open}: ${person.name}`} onClick={() => open(person)}>
          {person.name}
        </LinkButton>{" "}
        <span class="s mute">{text.imports.row(person.at)}</span>
      </span>
      {person.fault === undefined ? (
        <span class="flex">
          <EffectTags gained={person.gained} lost={person.lost} />
        </span>
      ) : (
        <Tag tone="warn">{text.versions.unfit}</Tag>
      )}
      <span class="note">{person.fault ?? changeWords(person, labels)}</span>
    </li>
  );
}

/** What the worker finds, again whenever the people or the versions change. */
function useCompared(imported: Imported, before: Model, after: Model) {
  const { say } = useApp();
  const [compared, setCompared] = useState<Compared>();
  const [tries, setTries] = useState(0);
  const { phase, client } = imported;
  const resolved = phase.is === "resolved" ? phase.resolved : undefined;
  useEffect(() => {
    if (!resolved || !client) return setCompared(undefined);
    let current = true;
    const onProgress = (done: number, all: number) => current && setCompared({ is: "running", done, all });
    onProgress(0, resolved.size);
    client.versions(before.pack, after.pack, onProgress).then(
      (effect) => {
        if (!current) return;
        setCompared({ is: "done", effect });
        say(text.versions.affected(effect.affected, resolved.size));
      },
      (error: Error) => current && setCompared({ is: "stopped", why: error.message }),
    );
    return () => {
      current = false;
    };
  }, [resolved, client, before, after, tries]);
  return { compared, compare: () => setTries(tries + 1) };
}
