import type { FactValue } from "privet";
import { useMemo, useState } from "preact/hooks";
import { CopyLink, UndoRedo } from "../../parts/Acts.js";
import { Choice } from "../../parts/Choice.js";
import { Pane, Panes, Top } from "../../parts/Panes.js";
import { Button, Check, SearchField, Tag, LinkButton } from "../../parts/ui.js";
import { useApp } from "../../state/app.js";
import { shippedFacts } from "../../state/examples.js";
import { matches } from "../../state/find.js";
import { formatValue } from "../../state/format.js";
import { isShared } from "../../state/facts.js";
import type { FactInfo } from "../../state/model.js";
import { effects, touchedBy } from "../../state/workspace.js";
import type { Effect } from "../../state/workspace.js";
import { text } from "../../text/index.js";
import { usePeople } from "../import/people.js";
import type { Effect as ImportedEffect } from "../import/protocol.js";
import { FactControl } from "../person/Control.js";
import { SettingEffect } from "./SettingEffect.js";
import { ViewTitle, focusTitle, EmptyView } from "../../parts/titles.js";
import { otherValue, withSetting } from "./setting.js";

/** The settings of the installation: one state for everybody, with what a change of one would do before it is made. */
export function InstallationView() {
  const { model, content, commit, question, ask, say } = useApp();
  const imported = usePeople();
  const [filter, setFilter] = useState("");
  const [place, setPlace] = useState("");
  const [changedOnly, setChangedOnly] = useState(false);
  const [draft, setDraft] = useState<{ id: string; value: FactValue | null }>();
  const settings = model.described.facts.filter(isShared);
  const shipped = useMemo(() => shippedFacts(model), [model]);
  const isChanged = ({ id }: FactInfo) =>
    JSON.stringify(content.facts[id] ?? null) !== JSON.stringify(shipped[id] ?? null);
  const places = [...new Set(settings.map((fact) => fact.where ?? ""))];
  const shown = settings.filter(
    (fact) =>
      matches(`${fact.label} ${fact.where ?? ""} ${fact.note ?? ""}`, filter) &&
      (place === "" || fact.where === place) &&
      (!changedOnly || isChanged(fact)),
  );
  const chosen = settings.find(({ id }) => id === question.fact) ?? settings[0];
  const set = (fact: FactInfo, value: FactValue | null) => {
    if (question.fact !== fact.id) ask({ fact: fact.id });
    setDraft(
      JSON.stringify(value) === JSON.stringify(content.facts[fact.id] ?? null) ? undefined : { id: fact.id, value },
    );
  };
  const apply = (fact: FactInfo, value: FactValue | null, crowd: ImportedEffect | undefined) => {
    const next = withSetting(content, fact.id, value);
    const { gain, lose } = touchedBy(effects(model, content, next).filter(({ person }) => !imported.has(person)));
    const words = text.did(fact.label, formatValue(model, fact.id, value));
    if (!commit(next, words)) return;
    setDraft(undefined);
    say(text.live.everybody(words, gain + (crowd?.gain ?? 0), lose + (crowd?.lose ?? 0)));
    focusTitle("answer");
  };
  const reset = () => commit({ ...content, facts: shipped }, text.installation.reset);
  if (settings.length === 0)
    return (
      <EmptyView title={text.installation.title} why={text.installation.none} help={text.installation.noneHelp}>
        <Button onClick={() => ask({ view: "person" })}>{text.installation.toPerson}</Button>
      </EmptyView>
    );
  return (
    <>
      <Top tabs={[text.installation.setting, text.installation.ifSwitched]}>
        <ViewTitle>{text.installation.title}</ViewTitle>
        <span class="s mute hide-p">{text.installation.count(settings.length)}</span>
        <span class="grow" />
        <UndoRedo />
        <span class="sep hide-p" />
        <CopyLink />
        <Button class="hide-p" disabled={!settings.some(isChanged)} onClick={reset}>
          {text.installation.reset}
        </Button>
      </Top>
      <Panes columns="two">
        <Pane
          place={2}
          label={text.installation.title}
          head={
            <div class="flex wrap">
              <span class="grow">
                <SearchField label={text.installation.filter} value={filter} onSearch={setFilter} />
              </span>
              {places.length > 1 && (
                <Choice
                  label={text.installation.place}
                  value={place}
                  items={[
                    { id: "", label: text.installation.allPlaces },
                    ...places.filter(Boolean).map((id) => ({ id, label: id })),
                  ]}
                  onChange={setPlace}
                />
              )}
              <Check label={text.installation.changedOnly} on={changedOnly} onChange={setChangedOnly} />
            </div>
          }
        >
          <table class="dense" data-settings>
            <thead class="sticky">
              <tr>
                <th scope="col">{text.installation.setting}</th>
                <th scope="col">{text.installation.state}</th>
                <th scope="col" class="hide-p">
                  {text.installation.shipped}
                </th>
                <th scope="col" class="hide-p">
                  {text.installation.ifSwitched}
                </th>
              </tr>
            </thead>
            <tbody>
              {places.map((where) => {
                const some = shown.filter((fact) => (fact.where ?? "") === where);
                if (some.length === 0) return null;
                return (
                  <>
                    <tr class="g">
                      <th colSpan={4} scope="colgroup">
                        {where || text.installation.other}
                      </th>
                    </tr>
                    {some.map((fact) => (
                      <SettingRow
                        key={fact.id}
                        fact={fact}
                        shipped={shipped[fact.id]}
                        chosen={fact === chosen}
                        draft={draft?.id === fact.id ? draft.value : undefined}
                        onSet={(value) => set(fact, value)}
                      />
                    ))}
                  </>
                );
              })}
            </tbody>
          </table>
          {shown.length === 0 && <p class="pad">{text.search.none(filter)}</p>}
        </Pane>
        <Pane place={3} label={text.installation.ifSwitched}>
          {chosen && (
            <SettingEffect
              key={chosen.id}
              fact={chosen}
              draft={draft?.id === chosen.id ? draft : undefined}
              onApply={(value, crowd) => apply(chosen, value, crowd)}
              onDiscard={() => setDraft(undefined)}
            />
          )}
        </Pane>
      </Panes>
    </>
  );
}

function SettingRow({
  fact,
  shipped,
  chosen,
  draft,
  onSet,
}: {
  fact: FactInfo;
  shipped: FactValue | null | undefined;
  chosen: boolean;
  draft: FactValue | null | undefined;
  onSet: (value: FactValue | null) => void;
}) {
  const { model, content, ask } = useApp();
  const value = draft === undefined ? content.facts[fact.id] : draft;
  return (
    <tr class={chosen ? "sel" : ""} data-row data-fact={fact.id} data-focus={`fact ${fact.id}`}>
      <td>
        <LinkButton
          plain
          aria-current={chosen ? "true" : undefined}
          onClick={() => ask({ fact: fact.id, pane: "why" })}
        >
          {fact.label}
        </LinkButton>{" "}
        {draft !== undefined && (
          <Tag tone="warn" icon="pencil">
            {text.installation.notApplied}
          </Tag>
        )}
      </td>
      <td>
        <FactControl fact={fact} value={value} onChange={onSet} />
      </td>
      <td class="mute hide-p">{formatValue(model, fact.id, shipped)}</td>
      <td class="hide-p">
        <IfSwitched fact={fact} />
      </td>
    </tr>
  );
}

/** What the other position of a switch would do to the people here. */
function IfSwitched({ fact }: { fact: FactInfo }) {
  const { model, content } = useApp();
  const touched = useMemo(
    () => effects(model, content, withSetting(content, fact.id, otherValue(content, fact))),
    [content, fact, model],
  );
  const words = effectWords(touched, content.people.length);
  return <span class={words.tone}>{words.words}</span>;
}

function effectWords(touched: readonly Effect[], people: number): { words: string; tone: string } {
  const { gain, lose } = touchedBy(touched);
  const items = (did: "gained" | "lost", which: "shown" | "hidden") => {
    const count = new Set(touched.flatMap((effect) => (effect[did].length > 0 ? effect[which] : []))).size;
    return count > 0 ? text.installation.items(count) : "";
  };
  if (lose > 0) return { words: text.installation.lose(lose, items("lost", "hidden")), tone: "loss" };
  if (gain > 0) return { words: text.installation.gain(gain, people, items("gained", "shown")), tone: "" };
  return { words: text.installation.nobody, tone: "mute" };
}
