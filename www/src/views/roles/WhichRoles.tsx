import type { Change } from "privet";
import { useMemo } from "preact/hooks";
import { Choice } from "../../parts/Choice.js";
import { Pane } from "../../parts/Panes.js";
import { Avatar, Button, Loading, Mark, Tag, Verdict } from "../../parts/ui.js";
import { useApp } from "../../state/app.js";
import { formatValue } from "../../state/format.js";
import { type Way, type Ways, roleSession, rolesIn, waysOf } from "../../state/roles.js";
import { useStudio } from "../../state/tools.js";
import type { Content, Facts } from "../../state/types.js";
import { holdersOf, personOf, sessionOf, subjectOf } from "../../state/workspace.js";
import { text } from "../../text/index.js";
import { testsOf } from "../person/asked.js";
import { AnswerTitle, Heading, focusTitle } from "../../parts/titles.js";
import { itemOf } from "../../state/model.js";
import { parts, reviews } from "../../state/plan.js";
import { useHolderCounts } from "./holders.js";
import { First, Opening } from "./Opening.js";

/** Which roles open an operation, what else they open, and the ways for the person in view. */
export function WhichRoles() {
  const { model, content, question, person, ask, commit, peek, peeked, notify } = useApp();
  const { studio, error, retry } = useStudio();
  const counts = useHolderCounts();
  const all = model.allowable;
  const session = sessionOf(model, content, person);
  const operation = model.operations.get(question.op) ?? all.find(({ id }) => !session.can(id)) ?? all[0];
  const roles = rolesIn(model, content);
  const { facts, placed, ways } = useMemo(
    (): Ways =>
      studio && operation && !session.can(operation.id)
        ? waysOf(studio, model, content, person.id, operation.id)
        : { facts: {}, placed: content, ways: [] },
    [studio, operation, content, person, session],
  );
  if (!operation) return null;
  // As for the person in view: a role may open something with facts about them alone
  const assumed = { ...placed, facts: { ...placed.facts, ...personOf(placed, person.id).subject.facts } as Facts };
  const opening = roles.filter((role) => roleSession(model, assumed, role).can(operation.id));
  const first = parts(model, { facts } as Change);
  const tests = [...testsOf(model, operation)].filter(([id]) => model.privileges.has(id));
  const needs = tests.map(([id, value]) =>
    value === undefined ? model.label(id) : `${model.label(id)}: ${formatValue(model, id, value)}`,
  );
  const can = session.can(operation.id);
  const [narrowest] = ways;
  const apply = (way: Way) => {
    if (!commit(way.after, title(way, person.name))) return;
    notify({ words: text.why.applied(person.name, way.own?.shown.length ?? 0), tone: "gain", undo: true });
    // The question stays, also where it was not asked but chosen as the first that the person cannot do
    ask({ op: operation.id, ...(way.kind === "new" && { role: way.role }) });
    focusTitle("answer");
  };
  return (
    <Pane
      place={3}
      label={text.roles.which}
      head={
        <>
          <AnswerTitle>{text.roles.which}</AnswerTitle>
          <Choice
            label={text.roles.operation}
            kind="full"
            value={operation.id as string}
            items={all.map(({ id, label, section }) => ({
              id: id as string,
              label,
              group: section,
              hint:
                model.operations
                  .get(id)
                  ?.menu[0]?.map((step) => step.label)
                  .join(" › ") ?? "",
            }))}
            onChange={(op) => ask({ op, item: itemOf(model.operations.get(op)) })}
          />
        </>
      }
    >
      <div class="pad stack">
        <Verdict tone={can ? "ok" : "hm"} note={operation.note}>
          {needs.length > 0 && (
            <>
              {text.roles.needs("")}
              <b>{text.and(needs)}</b>
              {opening.length === 0
                ? text.roles.nobodyGives
                : opening.length <= 3
                  ? text.roles.onlyGives(opening.map(({ name }) => name))
                  : `. ${text.roles.openedBy(opening.map(({ name }) => name))}`}{" "}
            </>
          )}
          {can && text.roles.personHas(person.name)}
        </Verdict>
        {first.length > 0 && <First steps={first} />}
        {!studio ? (
          <Loading error={error} retry={retry} />
        ) : (
          !can && (
            <section class="stack t">
              <Heading level={3} count={text.roles.asked}>
                {text.roles.ways(person.name)}
              </Heading>
              {ways.length === 0 ? (
                <p class="dim">
                  {first.length > 0 ? text.roles.factsAlone(person.name) : text.roles.noWay(person.name)}
                </p>
              ) : (
                <ol class="card" data-ways>
                  {ways.slice(0, 6).map((way, index) => (
                    <li class="in way" key={`${way.kind} ${way.role}`} data-way={way.kind}>
                      <span class={`step ${index === 0 ? "done" : ""}`}>{index + 1}</span>
                      <span>
                        {way.kind === "raise" ? (
                          <>
                            {text.roles.raise(way.what)} <b>{way.name}</b>
                          </>
                        ) : (
                          <>
                            {text.roles.give(person.name)} <b>{way.name}</b>
                          </>
                        )}
                      </span>
                      <span class="full s dim">
                        {way.kind === "new"
                          ? text.roles.giveNew
                          : way.kind === "raise"
                            ? text.roles.touches(
                                holdersOf(model, content, way.role).filter(({ id }) => id !== person.id).length,
                                counts(way.role).imported,
                              )
                            : text.roles.more(way.excess)}
                      </span>
                      <span class="full flex wrap">
                        {way.own && way.own.gained.length > 0 && (
                          <Tag tone={way.excess > 20 ? "warn" : "gain"} icon="plus">
                            {text.why.operations(way.own.gained.length)}
                          </Tag>
                        )}
                        {way.own && way.own.shown.length > 0 && (
                          <Tag tone={way.excess > 20 ? "warn" : "gain"} icon="plus">
                            {text.why.items(way.own.shown.length)}
                          </Tag>
                        )}
                      </span>
                      <span class="full flex wrap">
                        {first.length === 0 && (
                          <Button kind={index === 0 ? "primary" : ""} onClick={() => apply(way)}>
                            {way.kind === "new"
                              ? text.roles.saveAndGive(person.name)
                              : way.kind === "raise"
                                ? text.roles.raiseApply(counts(way.role).here + counts(way.role).imported)
                                : text.roles.giveApply(person.name)}
                          </Button>
                        )}
                        <Button
                          aria-pressed={peeked?.content === way.after}
                          onClick={() => {
                            ask({
                              view: "person",
                              pane: "menu",
                              item: itemOf(operation),
                              op: operation.id,
                            });
                            peek({ content: way.after, of: content, title: title(way, person.name) });
                          }}
                        >
                          {text.roles.preview}
                        </Button>
                      </span>
                    </li>
                  ))}
                </ol>
              )}
            </section>
          )
        )}
        {narrowest?.own && (
          <section class="stack t">
            <h3>{text.roles.adds(narrowest.name)}</h3>
            <ul class="plainlist" data-adds>
              {narrowest.own.gained.slice(0, 12).map((id) => (
                <li key={id} class="flex s">
                  <Mark tone="gain" icon="plus" />
                  <span>
                    {model.label(id)} <span class="mute">{model.operations.get(id)?.menu[0]?.at(-1)?.label}</span>
                  </span>
                </li>
              ))}
            </ul>
          </section>
        )}
        {narrowest && studio && <WhoMay way={narrowest} placed={placed} />}
        <Opening operation={operation.id} roles={opening} assumed={assumed} />
      </div>
    </Pane>
  );
}

const title = (way: Way, name: string) =>
  way.kind === "raise" ? text.roles.did.edit(way.name, way.what) : text.roles.did.give(way.name, name);

/** Who may define the role and give it, by the policy's rules. */
function WhoMay({ way, placed: content }: { way: Way; placed: Content }) {
  const {
    model,
    person: { id: who },
  } = useApp();
  const person = personOf(content, who);
  const { studio } = useStudio();
  const rows = useMemo(() => {
    if (!studio) return [];
    const before = subjectOf(content, person);
    const next = way.after.people.find(({ id }) => id === person.id) ?? person;
    const after = subjectOf(way.after, next);
    const [was, is] = [content, way.after].map(
      (of) => rolesIn(model, of).find(({ id }) => id === way.role)?.grants ?? {},
    );
    const define = () => ({ before: { grants: was }, after: { grants: is }, kind: "role-definition" }) as never;
    const assign = () => ({ before, after });
    const defined = way.kind === "give" ? [] : reviews(studio, model, content, define);
    const assigned = way.kind === "raise" ? [] : reviews(studio, model, content, assign);
    return content.people.flatMap((actor) => {
      const made = [...defined, ...assigned].filter(({ person }) => person === actor).map(({ review }) => review);
      return made.length > 0 ? [{ actor, made }] : [];
    });
  }, [studio, way, content, person]);
  const may = rows.filter(({ made }) => made.every(({ allowed }) => allowed === "yes"));
  const broken = [
    ...new Set(rows.flatMap(({ made }) => made.flatMap(({ broken }) => broken.map(({ label }) => label)))),
  ];
  return (
    <section class="stack t" data-who-may>
      <h3>{text.roles.whoMay}</h3>
      <ul class="people">
        {may.slice(0, 6).map(({ actor }) => (
          <li key={actor.id}>
            <Avatar name={actor.name} />
            <span>{actor.name}</span>
            <Tag tone="gain" icon="check">
              {text.installation.may}
            </Tag>
          </li>
        ))}
      </ul>
      {may.length === 0 && <p class="s">{text.requests.nobody}</p>}
      {broken.length > 0 && <p class="s dim">{broken.join(" · ")}</p>}
    </section>
  );
}
