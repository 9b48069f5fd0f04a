import type { GrantValue } from "privet";
import { useState } from "preact/hooks";
import { Choice } from "../../parts/Choice.js";
import { Dialog, Naming } from "../../parts/Dialog.js";
import { Icon } from "../../parts/Icon.js";
import { Pane } from "../../parts/Panes.js";
import { Button, LinkButton, Tag } from "../../parts/ui.js";
import { useApp } from "../../state/app.js";
import { formatValue } from "../../state/format.js";
import { most, opens } from "../../state/opens.js";
import { type RoleInfo, origin, ownSession, roleSession, withGrants, withoutRole } from "../../state/roles.js";
import { effects, grantsOf, holdersOf, menuItems } from "../../state/workspace.js";
import { text } from "../../text/index.js";
import { useHolderCounts } from "./holders.js";
import { GrantControl } from "../person/Control.js";
import { DefinitionReview } from "./DefinitionReview.js";
import { Tabs } from "../../parts/Tabs.js";
import { itemOf } from "../../state/model.js";
import { RoleTitle } from "../../parts/titles.js";
import { PersonLink } from "../../parts/PersonLink.js";

const tabs = ["holds", "opens", "menu", "people"] as const;

/** One role: what it holds and from where, what it opens, the menu, and who has it. */
export function RolePane({ role, onCopy }: { role: RoleInfo; onCopy: () => void }) {
  const { model, content, question, ask, commit } = useApp();
  const [naming, setNaming] = useState(false);
  const [removing, setRemoving] = useState(false);
  const session = roleSession(model, content, role);
  const holders = holdersOf(model, content, role.id);
  const held = useHolderCounts()(role.id);
  const tab = tabs.find((id) => id === question.tab) ?? "holds";
  const items = menuItems(session);
  const counts = {
    holds: String(Object.keys(role.grants).length),
    opens: String(session.allowed().length),
    menu: text.menu.of(items.filter(({ state }) => state === "shown").length, items.length),
    people: text.n(held.here + held.imported),
  };
  const rename = (name: string) =>
    commit(
      { ...content, roles: content.roles.map((it) => (it.id === role.id ? { ...it, name } : it)) },
      text.roles.did.rename(name),
    );
  const remove = () =>
    commit(
      withoutRole(content, role.id),
      role.kind === "made" ? text.roles.did.remove(role.name) : text.roles.did.restore(role.name),
    ) &&
    role.kind === "made" &&
    ask({ role: "" });
  const lost = removing
    ? effects(model, content, withoutRole(content, role.id)).reduce((sum, { lost }) => sum + lost.length, 0)
    : 0;
  return (
    <Pane
      place={2}
      label={role.name}
      head={
        <>
          <div class="flex wrap">
            {naming ? (
              <Naming label={text.roles.name} value={role.name} onName={rename} onClose={() => setNaming(false)} />
            ) : (
              <RoleTitle class="cut">{role.name}</RoleTitle>
            )}
            {role.kind !== "policy" && (
              <Tag tone="dash">{role.kind === "made" ? text.roles.draft : text.roles.changed}</Tag>
            )}
            <span class="grow" />
            {role.kind === "made" && (
              <Button kind="sm quiet" icon="pencil" onClick={() => setNaming(true)}>
                {text.roles.rename}
              </Button>
            )}
            <Button kind="sm quiet" icon="copy" onClick={onCopy}>
              {text.people.copy}
            </Button>
            {role.kind === "changed" && (
              <Button kind="sm quiet" icon="undo" onClick={remove}>
                {text.roles.restore}
              </Button>
            )}
            {role.kind === "made" && (
              <Button kind="sm quiet danger" onClick={() => setRemoving(true)}>
                {text.roles.deleteRole}
              </Button>
            )}
          </div>
          <Inheritance role={role} />
        </>
      }
    >
      <Tabs
        label={text.roles.tabsLabel}
        panel="role-panel"
        tabs={tabs.map((id) => ({ id, label: text.roles.tabs[id], count: counts[id] }))}
        value={tab}
        onChange={(tab) => ask({ tab })}
      >
        {role.when !== undefined && <p class="pad s dim">{text.roles.when(role.when)}</p>}
        {tab === "holds" && <Holds role={role} />}
        {tab === "opens" && <Opens role={role} />}
        {tab === "menu" && <RoleMenu role={role} />}
        {tab === "people" && <Holders role={role} />}
      </Tabs>
      {removing && (
        <Dialog
          title={text.roles.removeTitle(role.name)}
          act={text.roles.deleteRole}
          onAct={remove}
          onClose={() => setRemoving(false)}
        >
          <p>{text.roles.removeHelp(holders.length, lost)}</p>
        </Dialog>
      )}
    </Pane>
  );
}

/** What the role was copied from or inherits, and how far it differs. */
function Inheritance({ role }: { role: RoleInfo }) {
  const { model, content, ask } = useApp();
  const from = role.kind === "changed" ? role.id : role.base;
  if (from === undefined) return null;
  const before = (role.kind === "changed" ? model.roles.get(from)?.grants : grantsOf(model, content, from)) as
    | { [id: string]: GrantValue }
    | undefined;
  const changed = [...new Set([...Object.keys(before ?? {}), ...Object.keys(role.grants)])].filter(
    (id) => JSON.stringify(before?.[id]) !== JSON.stringify(role.grants[id]),
  );
  const lowered = changed.filter((id) => role.grants[id] === undefined || rank(id) < 0);
  function rank(id: string): number {
    const levels = model.privileges.get(id)?.levels?.map((level) => level.id) ?? [];
    return levels.indexOf(String(role.grants[id])) - levels.indexOf(String(before?.[id]));
  }
  const name =
    role.kind === "changed"
      ? `${role.name}, ${model.described.title}`
      : (content.roles.find(({ id }) => id === from)?.name ?? model.label(from));
  return (
    <div class="inh">
      <button type="button" class="nodebox" onClick={() => role.kind !== "changed" && ask({ role: from })}>
        {name} <span class="count">{Object.keys(before ?? {}).length}</span>
      </button>
      <Icon name="arrow" />
      <span class="nodebox me">
        {role.name} <span class="count">{Object.keys(role.grants).length}</span>
      </span>
      <span class="s mute">{text.roles.difference(changed.length - lowered.length, lowered.length)}</span>
    </div>
  );
}

function Holds({ role }: { role: RoleInfo }) {
  const { model, content, commit } = useApp();
  const session = ownSession(model, content, role);
  const groups = new Map<string, (typeof model.described.privileges)[number][]>();
  for (const privilege of model.described.privileges)
    if (role.grants[privilege.id] !== undefined)
      groups.set(privilege.group ?? "", [...(groups.get(privilege.group ?? "") ?? []), privilege]);
  const missing = model.described.privileges.filter(
    ({ id, restricting }) => role.grants[id] === undefined && !restricting,
  );
  const set = (id: string, value: GrantValue | null) =>
    commit(
      withGrants(model, content, role, { [id]: value }),
      text.roles.did.edit(role.name, text.did(model.label(id), formatValue(model, id, value))),
    );
  return (
    <>
      {groups.size === 0 && <p class="pad dim">{text.roles.nothing}</p>}
      <table class="dense" data-holds>
        <thead class="sticky">
          <tr>
            <th scope="col">{text.roles.privilege}</th>
            <th scope="col">{text.roles.value}</th>
            <th scope="col" class="hide-p">
              {text.roles.comesFrom}
            </th>
            <th scope="col" class="num">
              {text.roles.opens}
            </th>
          </tr>
        </thead>
        <tbody>
          {[...groups].map(([group, privileges]) => (
            <>
              <tr class="g" key={group}>
                <th colSpan={2} scope="colgroup">
                  {group || text.grants.other}
                </th>
                <td class="hide-p" />
                <th class="count">
                  {text.grants.of(
                    privileges.length,
                    model.described.privileges.filter((it) => (it.group ?? "") === group).length,
                  )}
                </th>
              </tr>
              {privileges.map((privilege) => {
                const from = origin(model, content, role, privilege.id);
                return (
                  <tr
                    key={privilege.id}
                    class={from.isChanged ? "sel" : ""}
                    data-row
                    data-privilege={privilege.id}
                    data-focus={`role ${role.id} ${privilege.id}`}
                  >
                    <td>{privilege.label}</td>
                    <td>
                      {role.when === undefined ? (
                        <GrantControl
                          privilege={privilege}
                          value={role.grants[privilege.id]}
                          onChange={(value) => set(privilege.id, value)}
                        />
                      ) : (
                        formatValue(model, privilege.id, role.grants[privilege.id])
                      )}
                    </td>
                    <td class="dim hide-p">
                      {from.isChanged && <Icon name="raise" kind="gain" />} {from.label}
                    </td>
                    <td class="num" title={opens(session, privilege).map(model.label).join(", ")}>
                      {opens(session, privilege).length || "–"}
                    </td>
                  </tr>
                );
              })}
            </>
          ))}
        </tbody>
      </table>
      {role.when === undefined && (
        <div class="pad">
          <Choice
            label={text.roles.addPrivilege}
            visible
            value=""
            items={missing.map(({ id, label, group }) => ({ id: id as string, label, ...(group && { group }) }))}
            onChange={(id) => {
              const privilege = model.privileges.get(id);
              if (privilege)
                set(
                  id,
                  privilege.kind === "level"
                    ? (privilege.levels?.[0]?.id ?? true)
                    : privilege.kind === "number"
                      ? (privilege.min ?? 1)
                      : most(privilege),
                );
            }}
          />
        </div>
      )}
      <DefinitionReview role={role} />
    </>
  );
}

function Opens({ role }: { role: RoleInfo }) {
  const { model, content, ask } = useApp();
  const session = roleSession(model, content, role);
  const sections = [...new Set(model.described.operations.map(({ section }) => section))];
  return (
    <ul class="listing">
      {sections.map((section) => {
        const some = model.allowable.filter((it) => it.section === section);
        const open = some.filter(({ id }) => session.can(id));
        if (open.length === 0) return null;
        return (
          <li key={section}>
            <div class="rowhead pgroup">
              <b>{section}</b>
              <span class="count">{text.grants.of(open.length, some.length)}</span>
            </div>
            {open.map(({ id, label }) => (
              <div class="prow" key={id} data-row>
                <LinkButton plain onClick={() => ask({ op: id, item: itemOf(model.operations.get(id)), pane: "why" })}>
                  {label}
                </LinkButton>
              </div>
            ))}
          </li>
        );
      })}
    </ul>
  );
}

function RoleMenu({ role }: { role: RoleInfo }) {
  const { model, content } = useApp();
  const items = menuItems(roleSession(model, content, role)).filter(({ state }) => state !== "hidden");
  return (
    <ul class="tree">
      {items.map((item) => (
        <li key={item.id} class="tr" style={{ "--level": model.items.get(item.id)?.path.length ?? 1 }}>
          <i class="st" aria-hidden="true" />
          <span class="nm">{item.label}</span>
          <span class="verbs">{item.verbs.map((verb) => model.label(verb).toLowerCase()).join(", ")}</span>
        </li>
      ))}
    </ul>
  );
}

/** Who holds the role; it is given and taken here. */
function Holders({ role }: { role: RoleInfo }) {
  const { model, content, change } = useApp();
  const holders = holdersOf(model, content, role.id);
  const others = content.people.filter((it) => !holders.includes(it));
  const { imported } = useHolderCounts()(role.id);
  return (
    <div class="pad stack">
      {holders.length === 0 && imported === 0 && <p class="dim">{text.roles.touchedNone}</p>}
      <ul class="people">
        {holders.map((person) => (
          <li key={person.id} data-focus={`holder ${person.id}`}>
            <PersonLink person={person} />
            {role.when === undefined && (
              <Button
                kind="sm"
                onClick={() => change(person.id, { roles: { remove: [role.id] } }, text.roles.takeFrom(person.name))}
              >
                {text.roles.takeFrom(person.name)}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {imported > 0 && <p class="s dim">{text.roles.importedHolders(imported)}</p>}
      {role.when === undefined && others.length > 0 && (
        <Choice
          label={text.roles.giveTo}
          visible
          value=""
          items={others.map(({ id, name }) => ({ id, label: name }))}
          onChange={(who) =>
            change(
              who,
              { roles: { add: [role.id] } },
              text.roles.did.give(role.name, content.people.find(({ id }) => id === who)?.name ?? ""),
            )
          }
        />
      )}
    </div>
  );
}
