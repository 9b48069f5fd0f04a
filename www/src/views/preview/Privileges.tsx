import type { GrantValue } from "privet";
import type { DormantGrant } from "privet/studio";
import { useMemo } from "preact/hooks";
import { Fold } from "../../parts/Fold.js";
import { Badge, Button } from "../../parts/ui.js";
import { useApp } from "../../state/app.js";
import { rolesGranting, holding, isShared, roleName, withoutEnd } from "../../state/model.js";
import type { FactInfo, PrivilegeInfo } from "../../state/model.js";
import { useStudio } from "../../state/tools.js";
import { formatValue } from "../../state/format.js";
import { text } from "../../text.js";
import { FactControl, GrantControl } from "./Control.js";
import { Found } from "./Found.js";
import { PersonBar } from "./PersonBar.js";
import { Roles } from "./Roles.js";

const isFound = (label: string, search: string) => label.toLowerCase().includes(search.trim().toLowerCase());

/** All inputs of the decision: the person's grants and roles, and the facts. */
export function Privileges() {
  const { state, model, go } = useApp();
  const { search } = state;
  const wanted = <T extends { label: string; id: string }>(list: readonly T[]) =>
    list.filter(({ label, id }) => isFound(label, search) || isFound(id, search));
  const groups = grouped(model.described.privileges);
  const found = [...groups]
    .map(([group, all]) => ({ group, all, some: isFound(group, search) ? all : wanted(all) }))
    .filter(({ some }) => some.length > 0);
  const facts = wanted(model.described.facts);
  return (
    <>
      <PersonBar />
      <div class="search">
        <input
          type="search"
          id="search"
          aria-label={text.privileges.search}
          placeholder={`${text.privileges.searchShort}  /`}
          value={search}
          onInput={(event) => go({ search: event.currentTarget.value })}
        />
        <AllowAll />
      </div>
      <div class="scroll">
        {search && found.length === 0 && facts.length === 0 && <p class="dim">{text.privileges.nothing}</p>}
        <FactGroup facts={facts.filter((fact) => !isShared(fact))} shared={false} open={true} />
        {!search && <Roles />}
        {found.map(({ group, all, some }) => (
          <Group key={group} title={group} all={all} some={some} open={search !== ""} />
        ))}
        <FactGroup facts={facts.filter(isShared)} shared={true} open={search !== ""} />
        {search && <Found search={search} />}
      </div>
    </>
  );
}

function grouped(list: readonly PrivilegeInfo[]): Map<string, PrivilegeInfo[]> {
  const groups = new Map<string, PrivilegeInfo[]>();
  for (const privilege of list) groups.set(privilege.group, [...(groups.get(privilege.group) ?? []), privilege]);
  return groups;
}

function AllowAll() {
  const { model, state, change } = useApp();
  const all = model.described.privileges.filter(
    ({ restricting, kind }) => !restricting && kind !== "choice" && kind !== "number",
  );
  const most = ({ kind, levels, options }: PrivilegeInfo): GrantValue =>
    kind === "level" ? (levels?.at(-1)?.id ?? true) : kind === "set" ? (options ?? []).map(({ id }) => id) : true;
  const none = () =>
    change(state.who, { set: Object.fromEntries(model.described.privileges.map(({ id }) => [id, null])) });
  return (
    <div class="pair">
      <Button
        kind="quiet"
        onClick={() => change(state.who, { set: Object.fromEntries(all.map((it) => [it.id, most(it)])) })}
      >
        {text.privileges.allowAll}
      </Button>
      <Button kind="quiet" onClick={none}>
        {text.privileges.allowNone}
      </Button>
    </div>
  );
}

function Group({
  title,
  all,
  some,
  open,
}: {
  title: string;
  all: readonly PrivilegeInfo[];
  some: readonly PrivilegeInfo[];
  open: boolean;
}) {
  const { model, session, person } = useApp();
  const granted = all.filter(({ id }) => holding(model, session, person.subject, id).granted !== undefined).length;
  return (
    <Fold
      initial={granted > 0}
      forced={open}
      summary={
        <>
          <span>{title}</span>
          <span class="count">{text.privileges.granted(granted, all.length)}</span>
        </>
      }
    >
      {() => (
        <ul class="rows">
          {some.map((privilege) => (
            <Row key={privilege.id} privilege={privilege} />
          ))}
        </ul>
      )}
    </Fold>
  );
}

function Row({ privilege }: { privilege: PrivilegeInfo }) {
  const { state, model, session, person, change } = useApp();
  const { id, label, note } = privilege;
  const { granted, effective } = holding(model, session, person.subject, id);
  const given = person.subject.grants?.[id];
  const own = withoutEnd<GrantValue | undefined>(given);
  const givers = rolesGranting(model, person.subject, id);
  const withWhen = model.described.roles.filter(
    ({ when, grants }) =>
      when && grants[id] !== undefined && granted !== undefined && own === undefined && givers.length === 0,
  );
  const isDormant = granted !== undefined && JSON.stringify(granted) !== JSON.stringify(effective);
  const through = [
    ...givers.map((role) => text.roles.by(roleName(model, role))),
    ...withWhen.map((role) => text.roles.by(role.label)),
  ];
  return (
    <li class="row" data-row data-privilege={id}>
      <span class="row-label">
        {label}
        {privilege.restricting && <Badge tone="warn">{text.privileges.restricts}</Badge>}
        {through.map((words) => (
          <Badge key={words}>{words}</Badge>
        ))}
        {granted === "undecided" && <Badge tone="warn">{text.privileges.undecided}</Badge>}
      </span>
      <GrantControl
        privilege={privilege}
        value={granted === "undecided" ? own : granted}
        locked={own === undefined && granted !== undefined}
        onChange={(value) => change(state.who, { set: { [id]: value } })}
      />
      {isDormant && granted !== "undecided" && <DormantNote id={id} effective={effective} />}
      {note && <span class="note">{note}</span>}
    </li>
  );
}

/** Marks a dormant or partly dormant grant; the full explanation follows once the studio has loaded. */
function DormantNote({ id, effective }: { id: string; effective: GrantValue | undefined }) {
  const { model, session } = useApp();
  const { studio } = useStudio(false);
  const dormant = useMemo(() => studio?.dormant(session) as readonly DormantGrant[] | undefined, [studio, session]);
  const sentence = dormant?.find(({ privilege }) => privilege === id)?.sentence;
  const words =
    effective === undefined
      ? text.privileges.noEffect
      : effective === "undecided"
        ? text.privileges.unknownEffect
        : text.privileges.partly(formatValue(model, id, effective));
  return (
    <span class="idle">
      <Badge tone="warn">{words}</Badge> {sentence}
    </span>
  );
}

function FactGroup({ facts, shared, open }: { facts: readonly FactInfo[]; shared: boolean; open: boolean }) {
  const { state, person, change } = useApp();
  if (facts.length === 0) return null;
  const { name } = person;
  return (
    <Fold
      initial={facts.length <= 8}
      forced={open}
      kind="facts"
      summary={
        <>
          <span>{shared ? text.facts.system : text.facts.own(name)}</span>
          <span class="count">{facts.length}</span>
        </>
      }
    >
      {() => (
        <>
          <p class="note">{shared ? text.facts.systemHelp(name) : text.facts.ownHelp}</p>
          <ul class="rows">
            {facts.map((fact) => (
              <li key={fact.id} class="row" data-row data-fact={fact.id}>
                <span class="row-label">{fact.label}</span>
                <FactControl
                  fact={fact}
                  value={person.subject.facts?.[fact.id] ?? fact.absent}
                  onChange={(value) => change(state.who, { facts: { [fact.id]: value } })}
                />
                <span class="note">{[fact.where, fact.note].filter(Boolean).join(" · ")}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </Fold>
  );
}
