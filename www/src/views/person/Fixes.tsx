import type { Change } from "privet";
import type { Fix, FixResult } from "privet/studio";
import { useMemo, useState } from "preact/hooks";
import { Button, LinkButton } from "../../parts/ui.js";
import { useApp } from "../../state/app.js";
import { formatValue } from "../../state/format.js";
import type { Model } from "../../state/model.js";
import { type PlannedStep, planned } from "../../state/plan.js";
import { useStudio } from "../../state/tools.js";
import type { Facts } from "../../state/types.js";
import { applied, effects, touchedBy } from "../../state/workspace.js";
import type { Effect } from "../../state/workspace.js";
import { text } from "../../text/index.js";
import { focusTitle, Heading } from "../../parts/titles.js";
import { EffectTags } from "../../parts/Effects.js";
import { useImportedEffect } from "../../parts/importedPeople.js";
import { draftRequest, keepRequest } from "../../state/requests.js";
import { Parts } from "./Sentence.js";
import { stepWords } from "./step.js";

/** How many fixes are shown before the rest is asked for. */
const SHOWN = 3;

/** The smallest changes for a person, each with its steps in order and what it opens, before it is applied. */
export function Fixes({
  result,
  who,
  operation,
  away = false,
}: {
  result: FixResult;
  who: string;
  operation: string;
  away?: boolean;
}) {
  const { model } = useApp();
  const [all, setAll] = useState(false);
  const shown = all ? result.fixes : result.fixes.slice(0, SHOWN);
  return (
    <section class="stack t">
      <Heading
        level={3}
        count={result.fixes.length > 0 && result.minimal && result.complete && text.why.nothingSmaller}
      >
        {away ? text.why.fixesDenied : text.why.fixes}
      </Heading>
      {result.fixes.length === 0 && (
        <p class="dim">
          {result.blockedBy.length > 0 ? text.why.blocked(result.blockedBy.map(model.label)) : text.why.noFixes}
        </p>
      )}
      {shown.map((fix, index) => (
        <FixCard key={index} fix={fix} who={who} operation={operation} first={index === 0} away={away} />
      ))}
      {result.fixes.length > SHOWN && !all && (
        <LinkButton onClick={() => setAll(true)}>{text.why.more(result.fixes.length - SHOWN)}</LinkButton>
      )}
    </section>
  );
}

function FixCard({
  fix,
  who,
  operation,
  first,
  away,
}: {
  fix: Fix;
  who: string;
  operation: string;
  first: boolean;
  away: boolean;
}) {
  const app = useApp();
  const { model, content, change, peek, peeked, notify } = app;
  const { studio } = useStudio();
  const person = content.people.find(({ id }) => id === who);
  const plan = useMemo(
    () => (studio ? planned(studio, model, content, who, fix.change) : undefined),
    [studio, model, content, who, fix],
  );
  const after = useMemo(() => plan?.after ?? applied(model, content, who, fix.change), [plan, content]);
  const touched = useMemo(() => effects(model, content, after), [content, after]);
  if (!person) return null;
  const own = touched.find((effect) => effect.person.id === who);
  const others = touched.filter((effect) => effect.person.id !== who);
  const isShown = peeked?.content === after;
  const title = fixTitle(model, person.name, fix);
  const apply = () => {
    if (!change(who, fix.change, title)) return;
    notify({ words: text.why.applied(person.name, own?.shown.length ?? 0), tone: "gain", undo: true });
    focusTitle("answer");
  };
  const send = () => keepRequest(app, draftRequest("", who, operation, fix.change));
  const steps = plan?.steps ?? [];
  return (
    <div class="card fix" data-fix>
      {steps.map((step, index) => (
        <div class="in way" key={step.id}>
          <span class="step">{index + 1}</span>
          <span>
            <Parts parts={stepWords(model, step, person.name)} />
          </span>
          <span class="full s dim">
            <StepNote
              step={step}
              steps={steps}
              index={index}
              touched={touched}
              people={content.people.length}
              name={person.name}
            />
          </span>
        </div>
      ))}
      {own && <Opened model={model} name={person.name} effect={own} operation={operation} />}
      <div class="bar2">
        <Button kind={first ? "primary" : ""} onClick={apply}>
          {others.length > 0 && steps.every(({ kind }) => kind === "fact")
            ? text.why.applyEverybody
            : text.why.applyAll(steps.length)}
        </Button>
        <Button
          icon="eye"
          aria-pressed={isShown}
          data-preview={first ? "" : undefined}
          onClick={() => peek((now) => (now?.content === after ? undefined : { content: after, of: content, title }))}
        >
          {isShown ? text.why.stopPreview : text.why.preview}
        </Button>
        {!away && (
          <Button icon="send" onClick={send}>
            {text.why.sendRequest}
          </Button>
        )}
      </div>
    </div>
  );
}

/** A fix in a few words, for undo and the bar of a preview. */
export const fixTitle = (model: Model, name: string, { change }: { change: Change }): string =>
  [
    ...Object.entries({ ...change.facts, ...change.set }).map(([id, value]) =>
      text.did(model.label(id), formatValue(model, id, value as never)),
    ),
    ...(change.roles?.add ?? []).map((id) => text.roles.did.give(model.label(id), name)),
    ...(change.roles?.remove ?? []).map((id) => text.roles.remove(model.label(id))),
  ].join(", ") || text.why.apply;

function StepNote({
  step,
  steps,
  index,
  touched,
  people,
  name,
}: {
  step: PlannedStep;
  steps: readonly PlannedStep[];
  index: number;
  touched: readonly Effect[];
  people: number;
  name: string;
}) {
  const { ask } = useApp();
  const imported = useImportedEffect(step.kind === "fact" ? (step.change.facts as Facts) : {});
  if (step.kind === "fact") {
    const { gain, lose } = touchedBy(touched);
    return (
      <>
        {text.why.everybody}{" "}
        {gain > 0 && (
          <LinkButton onClick={() => ask({ view: "installation", fact: step.id })}>
            {text.why.peopleGain(gain, people)}
          </LinkButton>
        )}
        {lose > 0 && <span class="loss"> {text.why.peopleLose(lose)}</span>}
        {imported && imported.touched > 0 && (
          <span data-imported-gain> {text.requests.everybodyImported(imported.gain, imported.lose)}</span>
        )}
      </>
    );
  }
  if (step.waits) return <>{text.why.afterStep(steps.slice(0, index).findLastIndex(() => true) + 1)}</>;
  if (step.kind === "own-fact") return <>{text.why.fact(name)}</>;
  return <>{step.place}</>;
}

/** What a change opens for the person: by menu item, with verbs. */
export function Opened({
  model,
  name,
  effect,
  operation,
}: {
  model: Model;
  name: string;
  effect: Effect;
  operation?: string;
}) {
  const [all, setAll] = useState(false);
  const items = openedItems(model, effect);
  const shown = all ? items : items.slice(0, 3);
  const rest = effect.gained.length;
  return (
    <div class="in stack t opened" data-opened={operation}>
      <div class="flex wrap">
        <span class="s dim">{text.why.forPerson(name)}</span>
        <span class="grow" />
        <EffectTags shown={effect.shown} gained={effect.gained} lost={effect.lost} />
      </div>
      <ul class="s dim">
        {shown.map(({ label, verbs }) => (
          <li key={label}>
            <b>{label}</b> {verbs.join(", ")}
          </li>
        ))}
      </ul>
      {(items.length > 3 || all) && (
        <LinkButton aria-expanded={all} onClick={() => setAll(!all)}>
          {text.why.allChanges(rest + effect.lost.length)}
        </LinkButton>
      )}
      {all && (
        <p class="s dim">
          {effect.gained.map(model.label).join(", ")}
          {effect.lost.length > 0 && ` · ${text.why.loses}: ${effect.lost.map(model.label).join(", ")}`}
        </p>
      )}
    </div>
  );
}

/** Gained operations by menu item, with their verbs. */
export function openedItems(model: Model, { gained }: Pick<Effect, "gained">): { label: string; verbs: string[] }[] {
  const items = new Map<string, Set<string>>();
  for (const id of gained) {
    const operation = model.operations.get(id);
    const label = operation?.menu[0]?.at(-1)?.label ?? operation?.label ?? id;
    const verbs = items.get(label) ?? new Set<string>();
    for (const verb of operation?.verbs ?? []) verbs.add(model.label(verb).toLowerCase());
    items.set(label, verbs);
  }
  return [...items].map(([label, verbs]) => ({ label, verbs: [...verbs] }));
}

export const obligationLabel = (model: Model, operation: string, obligation: string) =>
  model.operations.get(operation)?.obligations.find(({ id }) => id === obligation)?.label ?? obligation;
