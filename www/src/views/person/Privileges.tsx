import type { GrantValue } from "privet";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Icon } from "../../parts/Icon.js";
import { Pane } from "../../parts/Panes.js";
import { Button, Check, Field, LinkButton, Tag } from "../../parts/ui.js";
import { useApp, useLate } from "../../state/app.js";
import { matches, nearness } from "../../state/find.js";
import { formatValue } from "../../state/format.js";
import { holding, isShared, roleName, rolesGranting } from "../../state/model.js";
import type { FactInfo, PrivilegeInfo } from "../../state/model.js";
import { dormant, missingNames, most, opens, waitsFor } from "../../state/opens.js";
import { useStudio } from "../../state/tools.js";
import { menuItems, ownGrant, subjectOf } from "../../state/workspace.js";
import { text } from "../../text/index.js";
import { FactControl, GrantControl } from "./Control.js";
import { useAsked } from "./asked.js";

/** All that is read about the person: own facts, roles, privileges; settings of the installation are links to their place. */
export function Privileges() {
  const app = useApp();
  const { question, model, session, content, person, ask } = app;
  const { search } = question;
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
          <div class="rowhead">
            <h2>{text.grants.title}</h2>
            <span class="count">{text.grants.count(held, model.described.privileges.length)}</span>
          </div>
          <Field
            type="search"
            id="search"
            label={text.grants.filter}
            value={search}
            onInput={(event) => ask({ search: event.currentTarget.value })}
          />
        </>
      }
      foot={<GrantAll />}
    >
      {search === "" && <Pinned />}
      {isNothing && <Nothing search={search} />}
      {own.length > 0 && <Facts title={text.grants.facts(person.name)} facts={own} />}
      {search === "" && <Roles />}
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

/** What the question needs, so that nobody has to look for it. */
function Pinned() {
  const { model } = useApp();
  const asked = useAsked();
  const ids = asked.needed;
  if (!asked.operation || ids.length === 0) return null;
  return (
    <div class="pin" data-pinned>
      <h3>{text.grants.neededFor(asked.title)}</h3>
      {ids.slice(0, 4).map((id) => {
        const privilege = model.privileges.get(id);
        const fact = model.facts.get(id);
        return privilege ? (
          <Row key={id} privilege={privilege} pinned />
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

/** Which groups are open is remembered for each person while the tab is, first by what they held when they were first viewed. */
const KEY = "privet.folds";
const folds = new Map<string, boolean>(rememberedFolds());

function rememberedFolds(): [string, boolean][] {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "[]") as [string, boolean][];
  } catch {
    return []; // storage may be blocked
  }
}

function setFold(id: string, open: boolean): void {
  folds.set(id, open);
  try {
    sessionStorage.setItem(KEY, JSON.stringify([...folds].slice(-500)));
  } catch {
    // remembered until the page is closed
  }
}

function Group({
  id,
  title,
  all,
  some,
  forced,
}: {
  id: string;
  title: string;
  all: readonly PrivilegeInfo[];
  some: readonly PrivilegeInfo[];
  forced: boolean;
}) {
  const { model, session, content, person, workspace } = useApp();
  const subject = subjectOf(content, person);
  const held = all.filter((privilege) => holding(model, session, subject, privilege.id).granted !== undefined).length;
  return (
    <Fold
      key={`${workspace.id} ${person.id} ${id}`}
      id={`${workspace.id} ${person.id} ${id}`}
      title={title}
      count={text.grants.of(held, all.length)}
      initial={held > 0 || id === ""}
      forced={forced}
    >
      {() => some.map((privilege) => <Row key={privilege.id} privilege={privilege} />)}
    </Fold>
  );
}

function Fold({
  id,
  title,
  count,
  initial,
  forced = false,
  children,
}: {
  id: string;
  title: string;
  count: string;
  initial: boolean;
  forced?: boolean;
  children: () => preact.ComponentChildren;
}) {
  const [, redraw] = useState(0);
  if (!folds.has(id)) setFold(id, initial);
  const isOpen = forced || folds.get(id) === true;
  return (
    <>
      <button
        type="button"
        class="pgroup"
        aria-expanded={isOpen}
        data-group={title}
        onClick={() => {
          setFold(id, !isOpen);
          redraw((times) => times + 1);
        }}
      >
        <Icon name={isOpen ? "down" : "right"} />
        <span class="grow cut">{title}</span>
        <span class="count">{count}</span>
      </button>
      {isOpen && children()}
    </>
  );
}

function Row({ privilege, pinned = false }: { privilege: PrivilegeInfo; pinned?: boolean }) {
  const { model, session, content, person, change, say } = useApp();
  const { studio } = useStudio();
  const { id, label } = privilege;
  const subject = subjectOf(content, person);
  const { granted, effective, from } = holding(model, session, subject, id);
  const own = ownGrant(person, id);
  const givers = rolesGranting(model, subject, id).map((role) => roleName(model, role));
  const assumed = Array.isArray(from)
    ? from.flatMap((giver) => (giver.by === "role" && giver.facts ? [model.label(giver.role)] : []))
    : [];
  const through = [...new Set([...givers, ...assumed])];
  const isIdle =
    granted !== undefined && granted !== "undecided" && JSON.stringify(granted) !== JSON.stringify(effective);
  const late = useLate(session, model);
  const waits = studio ? waitsFor(studio, model, late, privilege) : "";
  const opened = opens(late, privilege);
  const why = isIdle && studio ? dormant(studio, session).find((it) => it.privilege === id) : undefined;
  const idleWords = why ? missingNames(model, why) : "";
  const lockedBy = own === undefined && granted !== undefined && through.length > 0 ? through[0] : undefined;
  const set = (value: GrantValue | null) => {
    if (lockedBy !== undefined && givesAnyway(privilege, granted, value)) return;
    const done = change(person.id, { set: { [id]: value } }, text.did(label, formatValue(model, id, value)));
    if (done && value !== null && waits !== "") say(text.live.noEffect(label, waits));
  };
  const { needed } = useAsked();
  const isWide = privilege.kind !== "flag" && privilege.kind !== "number";
  return (
    <div
      class={`prow ${isWide ? "wide" : ""}`}
      data-row
      data-privilege={id}
      data-focus={`privilege ${pinned ? "pinned " : ""}${id}`}
    >
      <span class="nm">
        {label}
        {privilege.restricting && <Tag tone="warn">{text.grants.restricts}</Tag>}
        {granted === "undecided" && <Tag tone="fact">{text.grants.undecided}</Tag>}
      </span>
      <span class="count" title={opened.map(model.label).join(", ")}>
        {opened.length > 0 && text.grants.opens(opened.length)}
      </span>
      <GrantControl
        privilege={privilege}
        value={granted === "undecided" ? own : granted}
        lockedBy={lockedBy}
        idle={isIdle && effective !== "undecided"}
        hint={
          isIdle ? text.grants.onNoEffect(idleWords) : through.length > 0 ? text.grants.through(text.and(through)) : ""
        }
        needed={needed.includes(id) ? neededValue(useAsked().tests, id) : undefined}
        onChange={set}
      />
      {isIdle ? (
        <span class="sub warn">
          {effective === undefined
            ? text.grants.onNoEffect(idleWords)
            : effective === "undecided"
              ? text.grants.effectUnknown
              : text.grants.partly(formatValue(model, id, effective))}
        </span>
      ) : granted === undefined && waits !== "" ? (
        <span class="sub">{text.grants.noEffectUntil(waits)}</span>
      ) : null}
      {through.length > 0 && (
        <span class="sub">
          <Icon name="lock" /> {text.grants.through(text.and(through))}
        </span>
      )}
      {privilege.note && pinned && <span class="sub">{privilege.note}</span>}
    </div>
  );
}

/** Whether a role gives at least this value already: choosing it would change nothing. */
function givesAnyway({ levels = [] }: PrivilegeInfo, granted: unknown, value: GrantValue | null): boolean {
  const rank = (of: unknown) => levels.findIndex(({ id }) => id === of);
  return (
    value === null ||
    JSON.stringify(value) === JSON.stringify(granted) ||
    (levels.length > 0 && rank(value) <= rank(granted))
  );
}

const neededValue = (tests: ReadonlyMap<string, string>, id: string) =>
  /(?:>=|=)\s*(\S+)$/.exec(tests.get(id) ?? "")?.[1];

function Facts({ title, facts }: { title: string; facts: readonly FactInfo[] }) {
  const { person, workspace } = useApp();
  return (
    <Fold id={`${workspace.id} ${person.id} facts`} title={title} count={String(facts.length)} initial>
      {() => facts.map((fact) => <FactRow key={fact.id} fact={fact} />)}
    </Fold>
  );
}

function FactRow({ fact }: { fact: FactInfo }) {
  const { person, change, model } = useApp();
  return (
    <div class="prow wide" data-row data-fact={fact.id} data-focus={`fact ${fact.id}`}>
      <span class="nm">
        {fact.label} <Tag tone="fact">{text.why.aFact}</Tag>
      </span>
      <FactControl
        fact={fact}
        value={person.subject.facts?.[fact.id] ?? fact.absent}
        onChange={(value) =>
          change(person.id, { facts: { [fact.id]: value } }, text.did(fact.label, formatValue(model, fact.id, value)))
        }
      />
      {fact.note && <span class="sub">{fact.note}</span>}
    </div>
  );
}

/** A setting of the installation: shown here, changed in its own place. */
function Setting({ fact }: { fact: FactInfo }) {
  const { ask, content, model } = useApp();
  const value = formatValue(model, fact.id, content.facts[fact.id]);
  return (
    <div class="prow" data-row data-setting={fact.id}>
      <span class="nm">{fact.label}</span>
      <span class="count" />
      <button
        type="button"
        class="tag fact"
        onClick={() => ask({ view: "installation", fact: fact.id })}
        aria-label={`${fact.label}: ${value}`}
      >
        {value} <Icon name="arrow" />
      </button>
      <span class="sub">{text.grants.settingHelp}</span>
    </div>
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

/** Roles of the policy and those that were made here; what facts assume is shown and cannot be given. */
function Roles() {
  const { model, content, person, change, workspace, ask } = useApp();
  const made = content.roles.filter(({ id }) => !model.roles.has(id));
  const roles = [...model.described.roles, ...made.map(({ id, name }) => ({ id, label: name, when: undefined }))];
  if (roles.length === 0) return null;
  const isHeld = (id: string) =>
    person.roles.includes(id) ||
    (person.subject.roles ?? []).some(
      (role) => role === id || (typeof role === "object" && "role" in role && role.role === id),
    );
  const held = roles.filter(({ id }) => isHeld(id)).length;
  return (
    <Fold
      id={`${workspace.id} ${person.id} roles`}
      title={text.roles.title}
      count={text.grants.of(held, roles.length)}
      initial={held > 0 || model.described.privileges.every(({ grantedThrough }) => grantedThrough === "role")}
    >
      {() =>
        roles.map(({ id, label, when }) => (
          <div key={id} class="prow" data-row data-role={id} data-focus={`role ${id}`}>
            <span class="nm">
              {when ? (
                label
              ) : (
                <Check
                  label={label}
                  on={isHeld(id)}
                  onChange={(on) =>
                    change(
                      person.id,
                      { roles: on ? { add: [id] } : { remove: [id] } },
                      on ? text.roles.did.give(label, person.name) : text.roles.remove(label),
                    )
                  }
                />
              )}
            </span>
            <span class="count" />
            <LinkButton onClick={() => ask({ view: "roles", role: id })} aria-label={`${text.views.roles}: ${label}`}>
              <Icon name="arrow" />
            </LinkButton>
            {when && <span class="sub">{text.roles.held(when.text.split(" ").map(model.label).join(" "))}</span>}
          </div>
        ))
      }
    </Fold>
  );
}

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

/** Says what a change did to the menu: one short sentence. */
export function useMenuNews() {
  const { session, person, model, say, content } = useApp();
  const last = useRef({ session, who: person.id, content });
  useEffect(() => {
    const was = last.current;
    last.current = { session, who: person.id, content };
    if (was.session === session || was.who !== person.id) return;
    const states = (of: typeof session) => new Map(menuItems(of).map(({ id, state }) => [id, state]));
    const [before, after] = [states(was.session), states(session)];
    const shown = [...after]
      .filter(([id, state]) => state === "shown" && before.get(id) !== "shown")
      .map(([id]) => model.label(id));
    const hidden = [...before]
      .filter(([id, state]) => state === "shown" && after.get(id) !== "shown")
      .map(([id]) => model.label(id));
    say(text.live.menu(person.name, shown, hidden));
  }, [session, person.id]);
}
