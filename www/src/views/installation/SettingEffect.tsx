import type { FactValue } from "privet";
import { useMemo } from "preact/hooks";
import { Avatar, Button, LinkButton, Loading, Tag, Verdict } from "../../parts/ui.js";
import { useApp } from "../../state/app.js";
import { formatValue } from "../../state/format.js";
import type { FactInfo } from "../../state/model.js";
import { dormant } from "../../state/opens.js";
import { useStudio } from "../../state/tools.js";
import { effects, sessionOf, subjectOf, touchedBy } from "../../state/workspace.js";
import { text } from "../../text/index.js";
import { useImported } from "../import/people.js";
import type { Effect } from "../import/protocol.js";
import { testsOf } from "../person/asked.js";
import { otherValue, withSetting } from "./setting.js";
import { AnswerTitle, Heading } from "../../parts/titles.js";
import { EffectTags } from "../../parts/Effects.js";
import { draftRequest, keepRequest } from "../../state/requests.js";
import { reviews } from "../../state/plan.js";
import { PersonLink } from "../../parts/PersonLink.js";

/** What the change of a setting does to everybody, who may make it, and what reads it. */
export function SettingEffect({
  fact,
  draft,
  onApply,
  onDiscard,
}: {
  fact: FactInfo;
  draft: { value: FactValue | null } | undefined;
  /** Applies it; with what it does to the imported people, once that is known. */
  onApply: (value: FactValue | null, imported: Effect | undefined) => void;
  onDiscard: () => void;
}) {
  const app = useApp();
  const { model, content, person } = app;
  const value = draft ? draft.value : otherValue(content, fact);
  const next = useMemo(() => withSetting(content, fact.id, value), [content, fact, value]);
  const touched = useMemo(() => effects(model, content, next), [content, next]);
  const { gain, lose } = touchedBy(touched);
  const imported = useImported({ facts: { [fact.id]: value } });
  const title =
    value === true
      ? text.installation.turnOn(fact.label)
      : value === false
        ? text.installation.turnOff(fact.label)
        : text.installation.turn(fact.label, formatValue(model, fact.id, value));
  const send = () => keepRequest(app, draftRequest("", person.id, "", { facts: { [fact.id]: value } }));
  const readers = model.described.operations.filter((operation) => testsOf(model, operation).has(fact.id));
  const rules = model.described.changeRules.filter(({ requires }) =>
    requires.text.split(/[\s()]+/).some((word) => word.replace(/^(actor|before|after)\./, "") === fact.id),
  );
  return (
    <div class="pad stack">
      <AnswerTitle>{title}</AnswerTitle>
      <Verdict tone="hm" note={[fact.where, fact.note].filter(Boolean).join(" · ")}>
        {text.installation.belongs(fact.label)}
      </Verdict>
      <section class="stack t" data-touched>
        <Heading level={3} count={text.installation.summary(gain, lose)}>
          {text.installation.peopleHere}
        </Heading>
        <ul class="people">
          {touched.slice(0, 12).map((effect) => (
            <li key={effect.person.id}>
              <PersonLink person={effect.person} />
              <span class="flex">
                <EffectTags {...effect} />
              </span>
              <EffectNote who={effect.person.id} shown={effect.shown} hidden={effect.hidden} next={next} />
            </li>
          ))}
        </ul>
        {touched.length === 0 && <p class="s dim">{text.installation.nobody}</p>}
      </section>
      <Imported imported={imported} />
      <div class="flex wrap">
        <Button kind="primary" onClick={() => onApply(value, imported.effect)}>
          {text.installation.apply}
        </Button>
        <Button icon="send" onClick={send}>
          {text.shell.request}
        </Button>
        {draft && (
          <Button kind="quiet" onClick={onDiscard}>
            {text.installation.discard}
          </Button>
        )}
      </div>
      <WhoMay fact={fact.id} value={value} />
      <section class="stack t">
        <h3>{text.installation.reads}</h3>
        <p class="s dim">
          {text.installation.readers(
            readers.length,
            readers.slice(0, 3).map(({ label }) => label),
          )}{" "}
          {rules.length > 0 && text.installation.rules(rules.map(({ label }) => label))}
        </p>
      </section>
    </div>
  );
}

/** A grant that gains or loses its effect, or the items that come and go. */
function EffectNote({
  who,
  shown,
  hidden,
  next,
}: {
  who: string;
  shown: readonly string[];
  hidden: readonly string[];
  next: ReturnType<typeof useApp>["content"];
}) {
  const { model, content } = useApp();
  const { studio } = useStudio();
  const person = content.people.find(({ id }) => id === who);
  if (!studio || !person) return null;
  const ids = (of: typeof content) =>
    dormant(studio, sessionOf(model, of, person)).map(({ privilege }) => privilege as string);
  const [was, is] = [ids(content), ids(next)];
  const wakes = was.filter((id) => !is.includes(id));
  const sleeps = is.filter((id) => !was.includes(id));
  const words = [
    ...(wakes.length > 0 ? [text.installation.takesEffect(text.and(wakes.map(model.label)))] : []),
    ...(sleeps.length > 0 ? [text.installation.losesEffect(text.and(sleeps.map(model.label)))] : []),
    ...(wakes.length === 0 && shown.length > 0 && shown.length < 4
      ? [text.installation.appears(shown.map(model.label))]
      : []),
    ...(sleeps.length === 0 && hidden.length > 0 && hidden.length < 4
      ? [text.installation.goes(hidden.map(model.label))]
      : []),
  ];
  return words.length === 0 ? null : <span class="note">{words.join(". ")}.</span>;
}

/** The same for the imported people. */
function Imported({ imported: { people, file, effect } }: { imported: ReturnType<typeof useImported> }) {
  const { ask } = useApp();
  if (!people) return null;
  const [gain, gains, lose, loses] = text.installation.importedEffect(effect?.gain ?? 0, effect?.lose ?? 0);
  return (
    <section class="stack t">
      <Heading level={3} count={text.installation.importedCount(file, people)}>
        {text.installation.imported}
      </Heading>
      {effect && (
        <>
          <div class="bar" aria-hidden="true">
            <i style={{ width: `${(100 * effect.gain) / people}%` }} />
          </div>
          <p class="s" data-imported-effect>
            <b>{gain}</b>
            {gains} · <b>{lose}</b>
            {loses} ·{" "}
            <LinkButton onClick={() => ask({ view: "matrix", matrix: "groups" })}>
              {text.installation.openMatrix}
            </LinkButton>
          </p>
        </>
      )}
    </section>
  );
}

/** Who of the people here may change the setting by the policy's rules. */
function WhoMay({ fact, value }: { fact: string; value: FactValue | null }) {
  const { model, content } = useApp();
  const { studio, error, retry } = useStudio();
  const answers = useMemo(
    () =>
      studio &&
      reviews(studio, model, content, (person) => {
        const before = subjectOf(content, person);
        return { before, after: { ...before, facts: { ...before.facts, [fact]: value } } as never };
      }),
    [studio, content, fact, value],
  );
  if (!answers) return <Loading error={error} retry={retry} />;
  const may = answers.filter(({ review }) => review.allowed === "yes");
  const others = answers.filter(({ review }) => review.allowed !== "yes");
  const rule = others[0]?.review.broken[0];
  return (
    <section class="stack t" data-who-may>
      <h3>{text.installation.whoMay}</h3>
      <ul class="people">
        {may.map(({ person }) => (
          <li key={person.id}>
            <Avatar name={person.name} />
            <span>{person.name}</span>
            <Tag tone="gain" icon="check">
              {text.installation.may}
            </Tag>
          </li>
        ))}
        {others.length > 0 && (
          <li>
            <i class="avatar" aria-hidden="true">
              {others.length}
            </i>
            <span>
              {text.and(others.slice(0, 6).map(({ person }) => person.name))} <span class="s dim">{rule?.label}</span>
            </span>
            <Tag tone="loss" icon="x">
              {text.installation.mayNot}
            </Tag>
          </li>
        )}
      </ul>
    </section>
  );
}
