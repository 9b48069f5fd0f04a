import { useState } from "preact/hooks";
import { Avatar, LinkButton, Mark, Verdict } from "../../parts/ui.js";
import { Icon } from "../../parts/Icon.js";
import { type App, useApp } from "../../state/app.js";
import { MOST, type Plan, type PlannedStep } from "../../state/plan.js";
import type { Person } from "../../state/types.js";
import { text } from "../../text/index.js";
import { Heading } from "../../parts/titles.js";
import { menuItems, roleNames, sessionOf } from "../../state/workspace.js";

/** Who may make which step, and which rules decide. */
export function WhoMay({ plan }: { plan: Plan }) {
  const app = useApp();
  const { model, content } = app;
  const { steps, alone, together } = plan;
  const hasRules = model.described.changeRules.length > 0;
  const rows = [...content.people.slice(0, MOST)].sort((a, b) => count(steps, b) - count(steps, a));
  const [pair] = together;
  const waiting = steps.find(({ waits }) => waits);
  const waitRule = waiting && ruleThatWaits(waiting);
  const [first] = alone;
  return (
    <>
      <div class="pad stack" data-who-may>
        <Heading count={text.requests.mayAll(alone.length, rows.length, content.people.length - rows.length)}>
          {text.requests.whoMay}
        </Heading>
        {!hasRules ? (
          <Verdict tone="ok">{text.requests.norules}</Verdict>
        ) : alone.length > 0 ? (
          <Verdict tone="ok" note={waitRule}>
            {text.requests.one(
              alone.slice(0, 4).map(({ name }) => name),
              steps.length,
            )}
          </Verdict>
        ) : pair ? (
          <Verdict tone="hm" note={waitRule}>
            {text.requests.two(pair[0].name, pair[1].name)}
          </Verdict>
        ) : (
          <Verdict tone="no" note={text.requests.nobodyHelp}>
            {text.requests.nobody}
          </Verdict>
        )}
      </div>
      <div class="wide-table">
        <table class="dense topped" data-actors>
          <thead>
            <tr>
              <th scope="col">{text.requests.person}</th>
              {steps.map((step, index) => (
                <th scope="col" key={step.id}>
                  {text.requests.step(index + 1, step.words)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((person) => (
              <tr key={person.id} class={alone.includes(person) ? "sel" : ""} data-actor={person.name}>
                <td>
                  <span class="flex">
                    <Avatar name={person.name} me={alone.includes(person)} />
                    <span>
                      {person.name}
                      <br />
                      <span class="s mute">{about(app, person)}</span>
                    </span>
                  </span>
                </td>
                {steps.map((step, index) => (
                  <td key={step.id} data-label={text.requests.step(index + 1, step.words)}>
                    <Cell step={step} index={index} person={person} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div class="pad stack">
        <Rules steps={steps} />
        {first && (
          <div class="card">
            <div class="in flex">
              <Icon name="roles" />
              <span class="grow">
                <b>{text.requests.away(first.name)}</b>
                <br />
                <span class="s dim">{standIn(plan, first)}</span>
              </span>
            </div>
          </div>
        )}
      </div>
    </>
  );
}

const mayOf = (step: PlannedStep, person: Person) => step.actors.find((actor) => actor.person.id === person.id);
const count = (steps: readonly PlannedStep[], person: Person) =>
  steps.filter((step) => mayOf(step, person)?.review.allowed === "yes").length;

/** The rule because of which a step has to wait for the one before. */
const ruleThatWaits = ({ actors }: PlannedStep): string | undefined => actors.find(({ later }) => later)?.waitsFor[0];

/** Who could do it without one person: others alone, or two together. */
function standIn({ steps, alone }: Plan, away: Person): string {
  const others = alone.filter((it) => it !== away);
  if (others.length > 0) return text.requests.awayAlone(text.and(others.slice(0, 3).map(({ name }) => name)));
  const people = steps[0]?.actors.map(({ person }) => person).filter((it) => it !== away) ?? [];
  const pairs = people.flatMap((one, a) =>
    people
      .slice(a + 1)
      .filter((other) => steps.every((step) => [one, other].some((it) => mayOf(step, it)?.review.allowed === "yes")))
      .map((other) => text.and([one.name, other.name])),
  );
  return pairs.length > 0 ? text.requests.awayPair(text.or(pairs.slice(0, 3))) : text.requests.awayNone;
}

function Cell({ step, index, person }: { step: PlannedStep; index: number; person: Person }) {
  const [all, setAll] = useState(false);
  const actor = mayOf(step, person);
  if (!actor) return null;
  const { review, later } = actor;
  if (review.allowed === "yes")
    return (
      <span class="flex" data-allowed="yes">
        <Mark tone={later ? "warn" : "gain"} icon={later ? "clock" : "check"} />
        <b class={later ? "warn" : "gain"}>{later ? text.requests.mayAfter(index) : text.requests.may}</b>
      </span>
    );
  const broken = all ? review.broken : review.broken.slice(0, 1);
  return (
    <div data-allowed={review.allowed}>
      <span class="flex">
        <Mark tone="loss" icon="x" />
        <b class="loss">{review.allowed === "unknown" ? text.requests.mayUnknown : text.requests.mayNot}</b>
      </span>
      {broken.map(({ rule, label, explanation }) => (
        <p class="s dim" key={rule} title={explanation.sentence}>
          {label}
        </p>
      ))}
      {review.broken.length > 1 && !all && (
        <LinkButton onClick={() => setAll(true)}>{text.requests.moreRules(review.broken.length - 1)}</LinkButton>
      )}
    </div>
  );
}

/** The rules that stop somebody, with how many. */
function Rules({ steps }: { steps: readonly PlannedStep[] }) {
  const stopped = new Map<string, Set<string>>();
  for (const { actors } of steps)
    for (const { person, review } of actors)
      for (const { label } of review.broken) stopped.set(label, (stopped.get(label) ?? new Set()).add(person.id));
  if (stopped.size === 0) return null;
  return (
    <section class="stack t">
      <h3>{text.requests.rules}</h3>
      <ul class="req">
        {[...stopped]
          .sort(([, a], [, b]) => b.size - a.size)
          .slice(0, 8)
          .map(([label, people]) => (
            <li key={label}>
              <Icon name="lock" kind="mute" />
              <span>{label}</span>
              <span class="v">{text.requests.stops(people.size)}</span>
            </li>
          ))}
      </ul>
    </section>
  );
}

/** A person in few words: their highest level, or their roles. */
function about({ model, content }: Pick<App, "model" | "content">, person: Person): string {
  const level = model.described.privileges.find(({ kind, levels }) => kind === "level" && (levels?.length ?? 0) > 5);
  const held = level && sessionOf(model, content, person).holds(level.id).granted;
  if (level && typeof held === "string" && held !== "undecided")
    return text.people.level(level.label, level.levels?.find(({ id }) => id === held)?.label ?? held);
  const roles = roleNames(model, content, person);
  return roles.length > 0
    ? roles.join(", ")
    : text.menu.of(
        menuItems(sessionOf(model, content, person)).filter(({ state }) => state === "shown").length,
        model.items.size,
      );
}
