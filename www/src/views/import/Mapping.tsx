import { useState } from "preact/hooks";
import { Choice, type Item } from "../../parts/Choice.js";
import { Icon } from "../../parts/Icon.js";
import { Pane, Panes, Top } from "../../parts/Panes.js";
import { Button } from "../../parts/ui.js";
import { useApp } from "../../state/app.js";
import { isShared } from "../../state/facts.js";
import type { Model } from "../../state/model.js";
import { text } from "../../text/index.js";
import type { Meaning } from "./mapping.js";
import { Problems } from "./Problems.js";
import { ReadingChoice } from "./ReadingChoice.js";
import type { Imported, Phase } from "./people.js";
import { FirstPeople, Result, isInstallation, useChecked } from "./Read.js";
import { ViewTitle } from "../../parts/titles.js";

/** Below how many problems the first people are shown as well. */
const FEW = 6;

/** What each column of a file means, with what comes of it before anybody is imported. */
export function Mapping({
  imported,
  phase,
  onAnother,
}: {
  imported: Imported;
  phase: Phase & { is: "mapping" };
  onAnother: () => void;
}) {
  const { model, present, commit, notify } = useApp();
  const { preview, meanings, file, size } = phase;
  const [tries, setTries] = useState(0);
  const repeated = meanings.find((meaning, index) => meaning !== "" && meanings.indexOf(meaning) !== index);
  const isNothing =
    !preview.isJson &&
    !meanings.some((meaning) => meaning !== "" && meaning !== "name" && !isInstallation(model, meaning));
  const { checked, isCurrent } = useChecked(imported, preview, meanings, tries);
  const items = meaningItems(model);
  const label = (meaning: Meaning) => items.find(({ id }) => id === meaning)?.label ?? "";
  const set = (index: number, meaning: Meaning) =>
    imported.map(meanings.map((old, at) => (at === index ? meaning : old)));
  const read = async () => {
    const { settings = {} } = (isCurrent ? checked : await imported.client?.check(meanings)) ?? {};
    const content = present();
    const next = Object.keys(settings).length > 0 ? { ...content, facts: { ...content.facts, ...settings } } : content;
    if (next !== content) commit(next, text.installation.title);
    await imported.resolve(meanings, next);
  };
  const save = () => imported.saveMapping().then(() => notify({ words: text.imports.savedMapping, tone: "gain" }));
  const used = meanings.filter((meaning) => meaning !== "").length;
  const [people, peopleWord, groups, groupsWord] = text.imports.summary(
    checked?.people ?? preview.rows,
    checked?.groups ?? 0,
  );
  return (
    <>
      <Top tabs={[text.imports.columns, text.imports.problemsTab(checked?.problemCount ?? 0)]}>
        <ViewTitle>{text.imports.fileTitle(file)}</ViewTitle>
        <span class="s mute hide-p">{text.imports.fileNote(`${text.n(Math.max(1, Math.round(size / 1000)))} kB`)}</span>
        <span class="grow" />
        <Button kind="quiet" onClick={onAnother}>
          {text.imports.another}
        </Button>
        <Button
          kind="primary"
          disabled={repeated !== undefined || isNothing || checked?.people === 0}
          onClick={() => void read()}
        >
          {text.imports.import(checked?.people ?? preview.rows)}
        </Button>
      </Top>
      <Panes columns="two">
        <Pane
          place={2}
          label={text.imports.column}
          foot={
            <>
              <span class="grow">
                <b>{people}</b>
                {peopleWord} · <b>{groups}</b>
                {groupsWord}
              </span>
              <Button icon="flag" onClick={() => void save()}>
                {text.imports.saveMapping}
              </Button>
            </>
          }
        >
          {preview.as && (
            <ReadingChoice
              as={preview.as}
              chosen={imported.reading}
              onChoose={(reading) => void imported.reread(reading, model)}
            />
          )}
          {imported.error !== "" && (
            <p class="pad loss" role="alert">
              {imported.error}
            </p>
          )}
          {phase.remembered && <p class="pad s gain">{text.imports.usedMapping}</p>}
          {isNothing && (
            <p class="pad loss" role="alert" data-nothing>
              {text.imports.nothing}
            </p>
          )}
          {repeated !== undefined && (
            <p class="pad loss" role="alert">
              {text.imports.repeated(label(repeated))}
            </p>
          )}
          <div class="maprow h" aria-hidden="true">
            <span>{text.imports.column}</span>
            <span>{text.imports.first}</span>
            <span />
            <span>{text.imports.means}</span>
            <span>{text.imports.result}</span>
          </div>
          {preview.header.map((column, index) => (
            <div class="maprow" key={index} data-column={column}>
              <span class="breaks">{column}</span>
              <span class="s dim cut">
                {(preview.values[index] ?? []).map((value) => value || text.imports.empty).join(" · ")}
              </span>
              <Icon name="arrow" kind="mute" />
              {preview.isJson ? (
                <span>{index === 0 ? text.imports.name : text.panes.privileges}</span>
              ) : (
                <Choice
                  label={`${column}: ${text.imports.means}`}
                  kind="full"
                  value={meanings[index] ?? ""}
                  items={items}
                  onChange={(meaning) => set(index, meaning)}
                />
              )}
              <Result meaning={meanings[index] ?? ""} column={checked?.columns[index]} checked={checked} />
            </div>
          ))}
          <p class="pad s dim">{text.imports.used(used, preview.header.length)}</p>
        </Pane>
        <Pane place={3} label={text.imports.problems(checked?.problemCount ?? 0)}>
          {checked && (
            <>
              <Problems
                problems={checked.problems}
                count={checked.problemCount}
                onReplace={(problem) =>
                  void imported.client
                    ?.replace(problem.columnIndex, problem.value, problem.meant)
                    .then(() => setTries(tries + 1))
                }
              />
              {checked.problemCount < FEW && !preview.isJson && <FirstPeople first={checked.first} />}
            </>
          )}
        </Pane>
      </Panes>
    </>
  );
}

function meaningItems(model: Model): Item<Meaning>[] {
  return [
    { id: "", label: text.imports.ignore },
    { id: "name", label: text.imports.name, icon: "person" },
    ...(model.described.roles.length > 0 ? [{ id: "roles" as const, label: text.imports.roles, icon: "roles" }] : []),
    ...model.described.privileges.map(({ id, label }) => ({
      id: `privilege:${id}` as Meaning,
      label,
      group: text.imports.privileges,
      icon: "lock",
    })),
    ...model.described.facts
      .filter((fact) => !isShared(fact))
      .map(({ id, label }) => ({ id: `fact:${id}` as Meaning, label, group: text.imports.facts, icon: "person" })),
    ...model.described.facts.filter(isShared).map(({ id, label }) => ({
      id: `fact:${id}` as Meaning,
      label: text.imports.installation(label),
      group: text.imports.settings,
      icon: "sliders",
    })),
  ];
}
