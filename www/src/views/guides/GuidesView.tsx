import type { GuideStep, Studio } from "privet/studio";
import { useMemo } from "preact/hooks";
import { CopyLink, UndoRedo } from "../../parts/Acts.js";
import { Choice } from "../../parts/Choice.js";
import { Pane, Panes, Top } from "../../parts/Panes.js";
import { Button, Loading, Mark, Tag } from "../../parts/ui.js";
import { useApp } from "../../state/app.js";
import { useStudio } from "../../state/tools.js";
import { sessionOf, personOf } from "../../state/workspace.js";
import { text } from "../../text/index.js";
import { Fixes } from "../person/Fixes.js";
import { testsIn } from "../person/asked.js";
import { Parts, sentence } from "../person/Sentence.js";
import { AnswerTitle, ViewTitle, EmptyView } from "../../parts/titles.js";
import { capital } from "../../text/words.js";

/** A guide, with the choice of the person for each of its actors. */
export function GuidesView() {
  const { question, content, model, ask, open } = useApp();
  const { studio, error, retry } = useStudio();
  const { guides } = model.described;
  const guide = guides.find(({ id }) => id === question.guide) ?? guides[0];
  if (!guide)
    return (
      <EmptyView title={text.views.guides} why={text.guides.none} help={text.guides.noneHelp}>
        <Button onClick={() => open("vicidial", { view: "guides" })}>{text.guides.open}</Button>
      </EmptyView>
    );
  const parts = [...new Set(guide.steps.flatMap(({ who, of }) => [who, of].filter((it) => it !== undefined)))];
  // By default the person who can do most of the actor's steps; ties go to the one with most operations
  const defaultActor = (who: string) => {
    const operations = guide.steps.flatMap((step) =>
      step.who === who && step.operation !== undefined ? [step.operation] : [],
    );
    const counts = content.people.map((person) => {
      const session = sessionOf(model, content, person);
      return (
        operations.filter((operation) => session.can(operation)).length +
        session.allowed().length / (1 + model.policy.operations.length)
      );
    });
    return content.people[counts.indexOf(Math.max(...counts))]?.id ?? "";
  };
  const actorOf = (who: string | undefined): string => {
    const chosen = who === undefined ? question.who : (question.actors[who] ?? defaultActor(who));
    return personOf(content, chosen).id;
  };
  return (
    <>
      <Top tabs={[text.guides.who, text.views.guides]}>
        <ViewTitle>{guide.label}</ViewTitle>
        <span class="grow" />
        <UndoRedo />
        <CopyLink />
      </Top>
      <Panes columns="half">
        <Pane place={2} label={text.guides.who}>
          <div class="pad stack">
            {guides.length > 1 && (
              <Choice
                label={text.guides.choose}
                visible
                kind="full"
                items={guides}
                value={guide.id}
                onChange={(id) => ask({ guide: id })}
              />
            )}
            <h2>{text.guides.who}</h2>
            <p class="s dim">{text.guides.help}</p>
            {parts.map((who) => (
              <Choice
                key={who}
                label={capital(text.guides.actor(who))}
                visible
                kind="full"
                value={actorOf(who)}
                items={content.people.map(({ id, name }) => ({ id, label: name }))}
                onChange={(chosen) => ask({ actors: { ...question.actors, [who]: chosen } })}
              />
            ))}
          </div>
        </Pane>
        <Pane place={3} label={guide.label}>
          {studio ? (
            <Steps studio={studio} guide={guide.id} parts={parts} actorOf={actorOf} />
          ) : (
            <Loading error={error} retry={retry} />
          )}
        </Pane>
      </Panes>
    </>
  );
}

function Steps({
  studio,
  guide,
  parts,
  actorOf,
}: {
  studio: Studio;
  guide: string;
  parts: readonly string[];
  actorOf: (who: string | undefined) => string;
}) {
  const { content, model } = useApp();
  const chosen = parts.map(actorOf).join();
  const session = (who?: string) => {
    const person = content.people.find(({ id }) => id === actorOf(who));
    return person ? sessionOf(model, content, person) : model.session({});
  };
  const steps = useMemo(
    () =>
      studio.guide(parts.length > 0 ? Object.fromEntries(parts.map((who) => [who, session(who)])) : session(), guide),
    [studio, guide, model, content, chosen],
  );
  const described = model.described.guides.find(({ id }) => id === guide)?.steps;
  return (
    <div class="pad stack t">
      <AnswerTitle>
        {text.guides.progress(steps.filter((step) => step.state === "done").length, steps.length)}
      </AnswerTitle>
      <ol class="steps">
        {steps.map((step, index) => (
          <StepItem
            key={step.id}
            step={step}
            number={index + 1}
            steps={steps}
            who={actorOf(step.who)}
            of={actorOf(described?.[index]?.of ?? step.who)}
          />
        ))}
      </ol>
    </div>
  );
}

const looks = { done: ["gain", "check"], ready: ["gain", "arrow"], blocked: ["loss", "x"] } as const;

function StepItem({
  step,
  number,
  steps,
  who,
  of,
}: {
  step: GuideStep;
  number: number;
  steps: readonly GuideStep[];
  who: string;
  of: string;
}) {
  const { content, model, change } = useApp();
  const actor = content.people.find(({ id }) => id === who);
  const name = actor?.name ?? "";
  const described = model.described.guides.flatMap((guide) => guide.steps).find(({ id }) => id === step.id);
  const done = described?.done.tree;
  // Only a step whose `done` is a single flag or switch can be marked here
  const mark = done?.kind === "test" && (done.test === "on" || done.test === "held") ? done : undefined;
  const set = (on: boolean) =>
    mark &&
    change(
      of,
      mark.test === "on" ? { facts: { [mark.id]: on } } : { set: { [mark.id]: on ? true : null } },
      text.did(model.label(mark.id), on ? text.values.on : text.values.off),
    );
  const asked = model.operations.get(described?.operation ?? "");
  // What the steps before it bring about is said there
  const isAwaited =
    step.waitsFor.length > 0 &&
    (step.fixes?.fixes ?? []).some(({ change }) => {
      const ids = Object.keys({ ...change.set, ...change.facts });
      const done = model.described.guides
        .flatMap((guide) => guide.steps)
        .filter(({ id }) => step.waitsFor.includes(id))
        .flatMap((it) => [...testsIn(model, it.done.tree).keys()]);
      return change.roles === undefined && ids.every((id) => done.includes(id));
    });
  const [tone, icon] = looks[step.state];
  return (
    <li class="stepitem" data-step={step.id} data-state={step.state} data-focus={`step ${step.id}`}>
      <div class="way">
        <span class={`step ${step.state === "done" ? "done" : ""}`}>{number}</span>
        <div class="rowhead">
          <b>{step.label}</b>
          <span class="flex s">
            <Mark tone={tone} icon={icon} /> {text.guides.states[step.state]}
          </span>
        </div>
        <span class="full s dim">
          {step.who === undefined ? name : text.guides.by(name, text.guides.actor(step.who))}
        </span>
        {step.waitsFor.length > 0 && (
          <span class="full s flex wrap">
            {text.guides.waits}:{" "}
            {step.waitsFor.map((id) => (
              <Tag key={id}>{steps.find((it) => it.id === id)?.label ?? id}</Tag>
            ))}
          </span>
        )}
        {actor && asked && !isAwaited && step.explanation && step.explanation.decision !== "allowed" && (
          <span class="full s">
            <Parts parts={sentence(model, actor, sessionOf(model, content, actor), asked)} />
          </span>
        )}
        {step.state === "ready" && <span class="full s">{text.guides.yours(name)}</span>}
        {step.fixes && !isAwaited && (
          <div class="full stack t">
            <Fixes result={step.fixes} who={who} operation={described?.operation ?? ""} />
          </div>
        )}
        {mark && step.state !== "blocked" && (
          <span class="full">
            <Button kind={step.state === "ready" ? "" : "quiet"} onClick={() => set(step.state === "ready")}>
              {step.state === "ready" ? text.guides.mark : text.guides.unmark}
            </Button>
          </span>
        )}
      </div>
    </li>
  );
}
