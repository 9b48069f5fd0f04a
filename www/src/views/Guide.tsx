import type { GuideStep, Studio } from "privet/studio";
import { useMemo } from "preact/hooks";
import { Badge, Button, Empty, Glyph, Loading, PersonSelect, Select } from "../parts/ui.js";
import { useApp } from "../state/app.js";
import { useStudio } from "../state/tools.js";
import { text } from "../text.js";
import { Fixes } from "./preview/Fixes.js";

/** A guide, with a selector of the person for each of its actors. */
export function Guide() {
  const { state, model, go } = useApp();
  const { studio, error } = useStudio();
  const { guides } = model.described;
  const guide = guides.find(({ id }) => id === state.guide) ?? guides[0];
  if (!guide)
    return (
      <div class="narrow panel">
        <Empty title={text.guide.none}>
          <Button onClick={() => go({ policy: "vicidial", view: "guide" })}>{text.guide.open}</Button>
        </Empty>
      </div>
    );
  const parts = [...new Set(guide.steps.flatMap(({ who, of }) => [who, of].filter((it) => it !== undefined)))];
  // Default actor: the person who can do most of the actor's steps; ties go to the one with most operations
  const defaultActor = (who: string) => {
    const operations = guide.steps.flatMap((step) =>
      step.who === who && step.operation !== undefined ? [step.operation] : [],
    );
    const counts = state.people.map(({ subject }) => {
      const session = model.session(subject);
      return (
        operations.filter((operation) => session.can(operation)).length +
        session.allowed().length / (1 + model.policy.operations.length)
      );
    });
    return counts.indexOf(Math.max(...counts));
  };
  const row = (who: string | undefined) =>
    Math.min(who === undefined ? state.who : (state.actors[who] ?? defaultActor(who)), state.people.length - 1);
  const names = state.people.map(({ name }) => name);
  return (
    <div class="split">
      <section class="panel" aria-label={text.guide.who}>
        <div class="panel-head">
          <h2>{guide.label}</h2>
        </div>
        {guides.length > 1 && (
          <Select
            label={text.guide.choose}
            visible
            options={guides}
            value={guide.id}
            onChange={(id) => go({ guide: id })}
          />
        )}
        <p class="dim">{text.guide.help}</p>
        <h3 class="spaced">{text.guide.who}</h3>
        <div class="fields">
          {parts.map((who) => (
            <PersonSelect
              key={who}
              label={text.guide.actor(who)}
              row={row(who)}
              names={names}
              onChange={(chosen) => go({ actors: { ...state.actors, [who]: chosen } })}
            />
          ))}
        </div>
      </section>
      <section class="panel" aria-label={guide.label}>
        {studio ? <Steps studio={studio} guide={guide.id} parts={parts} row={row} /> : <Loading error={error} />}
      </section>
    </div>
  );
}

function Steps({
  studio,
  guide,
  parts,
  row,
}: {
  studio: Studio;
  guide: string;
  parts: readonly string[];
  row: (who: string | undefined) => number;
}) {
  const { state, model } = useApp();
  const rows = parts.map(row).join();
  const steps = useMemo(() => {
    const session = (who?: string) => model.session(state.people[row(who)]?.subject ?? {});
    return studio.guide(
      parts.length > 0 ? Object.fromEntries(parts.map((who) => [who, session(who)])) : session(),
      guide,
    );
  }, [studio, guide, model, state.people, rows]);
  return (
    <>
      <div class="panel-head">
        <h2>{text.guide.progress(steps.filter((step) => step.state === "done").length, steps.length)}</h2>
      </div>
      <ol class="steps">
        {steps.map((step, index) => (
          <Step
            key={step.id}
            step={step}
            number={index + 1}
            steps={steps}
            row={row(step.who)}
            of={row(model.described.guides.find(({ id }) => id === guide)?.steps[index]?.of ?? step.who)}
          />
        ))}
      </ol>
    </>
  );
}

function Step({
  step,
  number,
  steps,
  row,
  of,
}: {
  step: GuideStep;
  number: number;
  steps: readonly GuideStep[];
  row: number;
  of: number;
}) {
  const { state, model, change } = useApp();
  const name = state.people[row]?.name ?? "";
  const described = model.described.guides.flatMap((guide) => guide.steps).find(({ id }) => id === step.id);
  const done = described?.done.tree;
  // Only a step whose `done` is a single flag or switch can be marked here
  const mark = done?.kind === "test" && (done.test === "on" || done.test === "held") ? done : undefined;
  const set = (on: boolean) =>
    mark && change(of, mark.test === "on" ? { facts: { [mark.id]: on } } : { set: { [mark.id]: on ? true : null } });
  return (
    <li class={`step ${step.state}`} data-step={step.id} data-state={step.state}>
      <div class="step-head">
        <span class="step-number">{number}</span>
        <div>
          <h3>{step.label}</h3>
          <p class="dim">{step.who === undefined ? name : text.guide.by(name, text.guide.actor(step.who))}</p>
        </div>
        <span class="step-state">
          <Glyph mark={step.state} /> {text.guide.states[step.state]}
        </span>
      </div>
      {step.waitsFor.length > 0 && (
        <p class="step-body">
          {text.guide.waits}:{" "}
          {step.waitsFor.map((id) => (
            <Badge key={id}>{steps.find((it) => it.id === id)?.label ?? id}</Badge>
          ))}
        </p>
      )}
      {step.explanation && step.explanation.decision !== "allowed" && (
        <p class="step-body">{step.explanation.sentence}</p>
      )}
      {step.state === "ready" && <p class="step-body">{text.guide.yours(name)}</p>}
      {step.fixes && (
        <div class="step-body">
          <Fixes result={step.fixes} row={row} apply={text.guide.apply(name)} showPeek={false} />
        </div>
      )}
      {mark && step.state === "ready" && (
        <div class="step-body">
          <Button onClick={() => set(true)}>{text.guide.mark}</Button>
        </div>
      )}
      {mark && step.state === "done" && (
        <div class="step-body">
          <Button kind="quiet" onClick={() => set(false)}>
            {text.guide.unmark}
          </Button>
        </div>
      )}
    </li>
  );
}
