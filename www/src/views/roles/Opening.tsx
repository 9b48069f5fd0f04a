import { PersonLink } from "../../parts/PersonLink.js";
import { Heading } from "../../parts/titles.js";
import { Button, LinkButton } from "../../parts/ui.js";
import { useApp } from "../../state/app.js";
import { itemOf } from "../../state/model.js";
import type { PlannedStep } from "../../state/plan.js";
import { type RoleInfo, roleSession } from "../../state/roles.js";
import type { Content } from "../../state/types.js";
import { holdersOf, sessionOf } from "../../state/workspace.js";
import { text } from "../../text/index.js";
import { Parts } from "../person/Sentence.js";
import { useHolderCounts } from "./holders.js";
import { stepWords } from "../person/step.js";

/** The facts that have to hold before a role can open something. They are changed where they belong: with everybody or with the person. */
export function First({ steps }: { steps: readonly Pick<PlannedStep, "change" | "id" | "kind" | "words">[] }) {
  const { model, person, ask, question } = useApp();
  return (
    <section class="stack t" data-first>
      <h3>{text.roles.first}</h3>
      <ul class="card">
        {steps.map((step) => (
          <li class="in flex" key={step.id}>
            <span class="grow">
              <Parts parts={stepWords(model, step, person.name)} />
              <br />
              <span class="s dim">{step.kind === "fact" ? text.why.everybody : text.why.fact(person.name)}</span>
            </span>
            {step.kind === "fact" ? (
              <Button onClick={() => ask({ view: "installation", fact: step.id, pane: "why" })}>
                {text.views.installation}
              </Button>
            ) : (
              <Button
                onClick={() => ask({ view: "person", item: itemOf(model.operations.get(question.op)), pane: "why" })}
              >
                {text.views.person}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The roles that open an operation with these facts, what else they open and who has them; and who of the people here can do it. */
export function Opening({
  operation,
  roles,
  assumed,
}: {
  operation: string;
  roles: readonly RoleInfo[];
  assumed: Content;
}) {
  const { model, content, ask } = useApp();
  const counts = useHolderCounts();
  const able = content.people.filter((person) => sessionOf(model, content, person).can(operation));
  const through = (id: string) =>
    roles
      .filter((role) => holdersOf(model, content, role.id).some((holder) => holder.id === id))
      .map(({ name }) => name);
  return (
    <>
      {roles.length > 0 && (
        <section class="stack t" data-opening>
          <Heading level={3} count={text.n(roles.length)}>
            {text.roles.openRoles}
          </Heading>
          <ul class="plainlist">
            {roles.map((role) => (
              <li key={role.id} data-opens={role.id}>
                <div class="rowhead">
                  <LinkButton onClick={() => ask({ role: role.id, tab: "opens", pane: "menu" })}>
                    {role.name}
                  </LinkButton>
                  <span class="count">{text.roles.people(counts(role.id).here + counts(role.id).imported)}</span>
                </div>
                <span class="s dim">
                  <OpensElse role={role} operation={operation} assumed={assumed} />
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section class="stack t" data-able>
        <Heading level={3} count={text.why.whoCanOf(able.length, content.people.length)}>
          {text.roles.whoCan}
        </Heading>
        <ul class="people">
          {able.slice(0, 8).map((person) => (
            <li key={person.id}>
              <PersonLink person={person} />
              <span class="s dim">
                {through(person.id).length > 0 ? text.and(through(person.id)) : text.reports.own}
              </span>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

/** The most sections that are named. */
const NAMED = 3;

function OpensElse({ role, operation, assumed }: { role: RoleInfo; operation: string; assumed: Content }) {
  const { model } = useApp();
  const session = roleSession(model, assumed, role);
  const others = model.allowable.filter(({ id }) => id !== operation && session.can(id));
  const sections = new Map<string, number>();
  for (const { section } of others) sections.set(section, (sections.get(section) ?? 0) + 1);
  const most = [...sections].sort(([, a], [, b]) => b - a);
  const named = most.slice(0, NAMED).map(([section, count]) => `${section} ${text.n(count)}`);
  const rest = most.length > NAMED ? [text.matrix.more(most.length - NAMED)] : [];
  return <>{text.roles.opensElse(others.length, [...named, ...rest].join(", "))}</>;
}
