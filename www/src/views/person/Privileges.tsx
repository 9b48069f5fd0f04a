import type { Session } from "privet";
import { useMemo } from "preact/hooks";
import { Pane } from "../../parts/Panes.js";
import { useRowsAsOneStop } from "../../parts/rows.js";
import { Button, SearchField, LinkButton } from "../../parts/ui.js";
import { useApp, useLate } from "../../state/app.js";
import { matches, nearness } from "../../state/find.js";
import { isShared } from "../../state/facts.js";
import { holding } from "../../state/model.js";
import type { FactInfo, Model, PrivilegeInfo } from "../../state/model.js";
import { most, opens } from "../../state/opens.js";
import { subjectOf } from "../../state/workspace.js";
import { text } from "../../text/index.js";
import { FactRow, Setting } from "./FactRow.js";
import { Fold } from "./Fold.js";
import { HeldRoles } from "./HeldRoles.js";
import { PrivilegeRow } from "./PrivilegeRow.js";
import { type Tests, testsIn, useAsked } from "./asked.js";
import { Heading } from "../../parts/titles.js";

/** All that is read about the person: own facts, roles, privileges; settings of the installation are links to their place. */
export function Privileges() {
  const app = useApp();
  const { question, model, session, content, person, ask } = app;
  const { search } = question;
  useRowsAsOneStop("pane-privileges");
  const late = useLate(session, model);
  const { tests } = useAsked();
  const groups = useMemo(() => grouped(model.described.privileges), [model]);
  const subject = subjectOf(content, person);
  const isFound = (privilege: PrivilegeInfo) =>
    matches(
      `${privilege.label} ${privilege.group} ${(privilege.levels ?? privilege.options ?? []).map(({ label }) => label).join(" ")}`,
      search,
    ) || matches(opens(session, privilege).map(model.label).join(" "), search);
  const found = [...groups]
    .map(([group, all]) => ({ group, all, some: search === "" ? all : all.filter(isFound) }))
    .filter(({ some }) => some.length > 0);
  const facts = model.described.facts.filter(({ label, where = "" }) => matches(`${label} ${where}`, search));
  const own = facts.filter((fact) => !isShared(fact));
  const shared = search === "" ? [] : facts.filter(isShared);
  const isNothing = search !== "" && found.length === 0 && facts.length === 0;
  const held = model.described.privileges.filter(
    ({ id }) => holding(model, session, subject, id).granted !== undefined,
  ).length;
  return (
    <Pane
      place={1}
      label={text.panes.privileges}
      id="pane-privileges"
      head={
        <>
          <Heading count={text.grants.count(held, model.described.privileges.length)}>{text.grants.title}</Heading>
          <SearchField id="search" label={text.grants.filter} value={search} onSearch={(search) => ask({ search })} />
        </>
      }
      foot={<GrantAll />}
    >
      {search === "" && <Pinned late={late} />}
      {isNothing && <Nothing search={search} />}
      {own.length > 0 && (
        <Fold id="facts" title={text.grants.facts(person.name)} count={String(own.length)} initial>
          {() => own.map((fact) => <FactRow key={fact.id} fact={fact} />)}
        </Fold>
      )}
      {search === "" && <HeldRoles />}
      {found.map(({ group, all, some }, index) => {
        const [above, title] = group.includes(": ") ? (group.split(": ", 2) as [string, string]) : ["", group];
        const before = found[index - 1]?.group.split(": ")[0];
        return (
          <>
            {above !== "" && before !== above && <div class="pgroup super">{above}</div>}
            <Group
              key={`${person.id} ${group}`}
              id={group}
              title={title || text.grants.other}
              all={all}
              some={some}
              late={late}
              tests={tests}
              forced={search !== "" || groups.size === 1}
            />
          </>
        );
      })}
      {shared.length > 0 && <Settings facts={shared} />}
    </Pane>
  );
}

function grouped(list: readonly PrivilegeInfo[]): Map<string, PrivilegeInfo[]> {
  const groups = new Map<string, PrivilegeInfo[]>();
  for (const privilege of list)
    groups.set(privilege.group ?? "", [...(groups.get(privilege.group ?? "") ?? []), privilege]);
  // Groups of one heading, such as “Admin Interface Options: Users”, stand together
  const headings = [...new Set([...groups.keys()].map((group) => group.split(": ")[0] ?? ""))];
  const place = (group: string) => headings.indexOf(group.split(": ")[0] ?? "");
  return new Map([...groups].sort(([a], [b]) => place(a) - place(b)));
}

function Nothing({ search }: { search: string }) {
  const { model, ask } = useApp();
  const nearest = [...model.described.privileges]
    .map((privilege) => ({ privilege, near: nearness(`${privilege.label} ${privilege.group}`, search) }))
    .sort((a, b) => b.near - a.near)
    .slice(0, 3);
  return (
    <div class="pad stack t">
      <p>{text.grants.notFound(search)}</p>
      <p class="s dim">{text.grants.nearest}</p>
      {nearest.map(({ privilege }) => (
        <LinkButton key={privilege.id} onClick={() => ask({ search: privilege.label })}>
          {privilege.label}
        </LinkButton>
      ))}
    </div>
  );
}

/** Ids, each followed by those that it needs to have an effect. */
function withPrerequisites(model: Model, ids: readonly string[], found = new Set<string>()): readonly string[] {
  for (const id of ids) {
    if (found.has(id)) continue;
    found.add(id);
    const { requires } = model.privileges.get(id) ?? {};
    if (requires) withPrerequisites(model, [...testsIn(model, requires.tree).keys()], found);
  }
  return [...found].filter((id) => model.privileges.has(id) || model.facts.has(id));
}

/** What the question needs, so that nobody has to look for it. */
function Pinned({ late }: { late: Session }) {
  const { model } = useApp();
  const asked = useAsked();
  const ids = withPrerequisites(model, asked.needed);
  if (!asked.operation || ids.length === 0) return null;
  return (
    <div class="pin" data-pinned>
      <h3>{text.grants.neededFor(asked.title)}</h3>
      {ids.slice(0, 4).map((id) => {
        const privilege = model.privileges.get(id);
        const fact = model.facts.get(id);
        return privilege ? (
          <PrivilegeRow key={id} privilege={privilege} late={late} needed={asked.tests.get(id)} pinned />
        ) : fact ? (
          isShared(fact) ? (
            <Setting key={id} fact={fact} />
          ) : (
            <FactRow key={id} fact={fact} />
          )
        ) : null;
      })}
    </div>
  );
}

function Group({
  id,
  title,
  all,
  some,
  late,
  tests,
  forced,
}: {
  id: string;
  title: string;
  all: readonly PrivilegeInfo[];
  some: readonly PrivilegeInfo[];
  late: Session;
  tests: Tests;
  forced: boolean;
}) {
  const { model, session, content, person } = useApp();
  const subject = subjectOf(content, person);
  const held = all.filter((privilege) => holding(model, session, subject, privilege.id).granted !== undefined).length;
  return (
    <Fold
      id={`group ${id}`}
      title={title}
      count={text.grants.of(held, all.length)}
      initial={held > 0 || id === ""}
      forced={forced}
    >
      {() =>
        some.map((privilege) => (
          <PrivilegeRow key={privilege.id} privilege={privilege} late={late} needed={tests.get(privilege.id)} />
        ))
      }
    </Fold>
  );
}

const Settings = ({ facts }: { facts: readonly FactInfo[] }) => (
  <>
    <div class="pgroup super">{text.grants.settings}</div>
    {facts.map((fact) => (
      <Setting key={fact.id} fact={fact} />
    ))}
  </>
);

function GrantAll() {
  const { model, person, change } = useApp();
  const all = model.described.privileges.filter(
    ({ restricting, kind }) => !restricting && kind !== "choice" && kind !== "number",
  );
  const grant = () =>
    change(person.id, { set: Object.fromEntries(all.map((it) => [it.id, most(it)])) }, text.grants.all);
  const none = () =>
    change(
      person.id,
      { set: Object.fromEntries(model.described.privileges.map(({ id }) => [id, null])) },
      text.grants.none,
    );
  return (
    <>
      <Button kind="sm quiet" onClick={grant}>
        {text.grants.all}
      </Button>
      <Button kind="sm quiet" onClick={none}>
        {text.grants.none}
      </Button>
    </>
  );
}
