import { useMemo } from "preact/hooks";
import { Choice } from "../../parts/Choice.js";
import { Pane } from "../../parts/Panes.js";
import { Avatar, Button, Loading, Mark, Tag, Verdict } from "../../parts/ui.js";
import { useApp } from "../../state/app.js";
import { formatValue } from "../../state/format.js";
import { type RoleInfo, type Way, roleSession, rolesIn, ways } from "../../state/roles.js";
import { useStudio } from "../../state/tools.js";
import { effects, holdersOf, sessionOf, subjectOf } from "../../state/workspace.js";
import { text } from "../../text/index.js";
import { useImported } from "../import/people.js";
import { testsOf } from "../person/asked.js";
import { AnswerTitle, Heading, focusTitle } from "../../parts/titles.js";
import { itemOf } from "../../state/model.js";
import { reviews } from "../../state/plan.js";

/** Which roles open an operation, what else they open, and the ways for the person in view. */
export function WhichRoles() {
  const { model, content, question, person, ask, commit, peek, peeked, notify } = useApp();
  const { studio, error, retry } = useStudio();
  const all = model.allowable;
  const session = sessionOf(model, content, person);
  const operation = model.operations.get(question.op) ?? all.find(({ id }) => !session.can(id)) ?? all[0];
  const roles = rolesIn(model, content);
  const found = useMemo(
    () => (studio && operation && !session.can(operation.id) ? ways(studio, model, content, person, operation.id) : []),
    [studio, operation, content, person, session],
  );
  if (!operation) return null;
  const opening = roles.filter((role) => roleSession(model, content, role).can(operation.id));
  const tests = [...testsOf(model, operation)].filter(([id]) => model.privileges.has(id));
  const needs = tests.map(([id, value]) =>
    value === undefined ? model.label(id) : `${model.label(id)}: ${formatValue(model, id, value)}`,
  );
  const can = session.can(operation.id);
  const [first] = found;
  const apply = (way: Way) => {
    if (!commit(way.after, title(way, person.name))) return;
    notify({ words: text.why.applied(person.name, way.own?.shown.length ?? 0), tone: "gain", undo: true });
    if (way.kind === "new") ask({ role: way.role });
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
        {!studio ? (
          <Loading error={error} retry={retry} />
        ) : (
          !can && (
            <section class="stack t">
              <Heading level={3} count={text.roles.asked}>
                {text.roles.ways(person.name)}
              </Heading>
              {found.length === 0 && <p class="dim">{text.roles.noWay(person.name)}</p>}
              <ol class="card" data-ways>
                {found.slice(0, 6).map((way, index) => (
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
                            )
                          : text.roles.more(way.excess)}
                      {way.kind === "raise" && <ImportedTouch role={way.role} />}
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
                      <Button kind={index === 0 ? "primary" : ""} onClick={() => apply(way)}>
                        {way.kind === "new"
                          ? text.roles.saveAndGive(person.name)
                          : way.kind === "raise"
                            ? text.roles.raiseApply(holdersOf(model, content, way.role).length)
                            : text.roles.giveApply(person.name)}
                      </Button>
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
            </section>
          )
        )}
        {first?.own && (
          <section class="stack t">
            <h3>{text.roles.adds(first.name)}</h3>
            <ul class="plainlist" data-adds>
              {first.own.gained.slice(0, 12).map((id) => (
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
        {first && studio && <WhoMay way={first} />}
      </div>
    </Pane>
  );
}

const title = (way: Way, name: string) =>
  way.kind === "raise" ? text.roles.did.edit(way.name, way.what) : text.roles.did.give(way.name, name);

function ImportedTouch({ role }: { role: string }) {
  const { resolved } = useImported();
  const count = resolved?.holders[role] ?? 0;
  return count > 0 ? <> {text.roles.importedHolders(count)}.</> : null;
}

/** Who may define the role and give it, by the policy's rules. */
function WhoMay({ way }: { way: Way }) {
  const { model, content, person } = useApp();
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

/** The policy's rules on the change of this role's definition. */
export function DefinitionReview({ role }: { role: RoleInfo }) {
  const { model, content } = useApp();
  const { studio } = useStudio();
  const without = { ...content, roles: content.roles.filter(({ id }) => id !== role.id) };
  // What the change did is what taking it back would undo
  const { effect, people } = useImported(role.kind === "changed" ? { roles: without.roles } : {});
  const touched = useMemo(() => (role.kind === "changed" ? effects(model, without, content) : []), [role, content]);
  const answers = useMemo(() => {
    if (!studio || role.kind === "policy") return [];
    const before = { grants: role.kind === "changed" ? model.roles.get(role.id)?.grants : {} } as never;
    return reviews(studio, model, content, () => ({
      before,
      after: { grants: role.grants } as never,
      kind: "role-definition",
    }));
  }, [studio, role, content]);
  if (answers.length === 0) return null;
  const hasRules = model.described.changeRules.some(({ on }) => on.includes("role-definition"));
  const may = answers.filter(({ review }) => review.allowed === "yes");
  const broken = [...new Set(answers.flatMap(({ review }) => review.broken.map(({ label }) => label)))];
  return (
    <section class="pad stack t" data-definition-review>
      <h3>{text.roles.review}</h3>
      {hasRules ? (
        <p class="s">
          {may.length === 0
            ? text.requests.nobody
            : `${text.and(may.map(({ person }) => person.name))}: ${text.installation.may}.`}{" "}
          <span class="dim">{broken.join(" · ")}</span>
        </p>
      ) : (
        <p class="s dim">{text.roles.rulesNone}</p>
      )}
      {role.kind === "changed" && (
        <p class="s dim" data-role-effect>
          {text.roles.affects(touched.length, effect && people > 0 ? effect.gain + effect.lose : 0)}
        </p>
      )}
    </section>
  );
}
