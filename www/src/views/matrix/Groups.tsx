import { useEffect, useState } from "preact/hooks";
import { Naming } from "../../parts/Dialog.js";
import { saveFile } from "../../parts/files.js";
import { Pane } from "../../parts/Panes.js";
import { Button, Empty, LinkButton } from "../../parts/ui.js";
import { type App, useApp } from "../../state/app.js";
import { operationsOf } from "../../state/model.js";
import type { Person } from "../../state/types.js";
import { sessionOf } from "../../state/workspace.js";
import { text } from "../../text/index.js";
import { useOpenPerson } from "./openPerson.js";
import { groupNames, shares } from "../import/groups.js";
import { type Imported, MANY } from "../import/people.js";
import type { Group, Named, WhoCan } from "../import/protocol.js";
import { Heading } from "../../parts/titles.js";

/** Groups of people with identical access: of the imported people, else of those here. */
export function Groups({ imported }: { imported: Imported }) {
  const app = useApp();
  const { model, content, question, workspace, update } = app;
  const { phase } = imported;
  const [open, setOpen] = useState<string>();
  const resolved = phase.is === "resolved" ? phase.resolved : undefined;
  const here = resolved ? [] : groupsHere(app);
  const groups = resolved?.groups ?? here.map(({ group }) => group);
  const count = resolved?.groupCount ?? here.length;
  // What was asked about a person is asked about everybody
  const operation = model.operations.get(question.op) ?? operationsOf(model, question.item)[0];
  const name = groupNames(model, workspace.groups, groups);
  const item = (group: Group, name: string, people?: readonly Person[]) => (
    <GroupItem
      key={group.access}
      group={group}
      groups={groups}
      name={name}
      isOpen={open === group.access}
      onOpen={() => setOpen(open === group.access ? undefined : group.access)}
      onName={(name) => update(({ groups }) => ({ groups: { ...groups, [group.access]: name } }))}
      imported={imported}
      people={people}
    />
  );
  return (
    <Pane
      place={3}
      label={text.matrix.identical}
      head={
        <>
          <Heading
            count={
              <span data-groups-count>
                {text.matrix.identicalCount(resolved?.size ?? content.people.length, count, resolved !== undefined)}
              </span>
            }
          >
            {text.matrix.identical}
          </Heading>
          <p class="s dim">{text.matrix.identicalHelp}</p>
        </>
      }
      foot={count > groups.length && <span class="s dim">{text.matrix.smaller(count - groups.length)}</span>}
    >
      {resolved && operation && <Who imported={imported} operation={operation.id} />}
      {resolved
        ? groups.slice(0, 60).map((group) => item(group, name(group)))
        : here.map(({ group, people }) =>
            item(group, workspace.groups[group.access] ?? text.and(people.slice(0, 3).map(({ name }) => name)), people),
          )}
      {!resolved && <NoImport imported={imported} />}
    </Pane>
  );
}

/** Offers to import people, or to try it with made-up ones. */
function NoImport({ imported }: { imported: Imported }) {
  const { model, content, ask } = useApp();
  return (
    <div class="pad">
      <Empty title={text.matrix.noPeople}>
        <p class="s dim">{text.matrix.noPeopleHelp}</p>
        <span class="flex wrap">
          <Button icon="up" onClick={() => ask({ view: "import" })}>
            {text.matrix.import}
          </Button>
          <Button kind="quiet" onClick={() => void imported.trySample(model, content)}>
            {text.matrix.try(MANY)}
          </Button>
        </span>
      </Empty>
    </div>
  );
}

/** The people of the workspace by their access, where nobody is imported. */
function groupsHere({ model, content }: Pick<App, "model" | "content">): { group: Group; people: Person[] }[] {
  const groups = new Map<string, { group: Group; people: Person[] }>();
  for (const person of content.people) {
    const session = sessionOf(model, content, person);
    const allowed = Uint8Array.from(model.policy.operations, (id) => Number(session.can(id)));
    const access = allowed.join("");
    const known = groups.get(access);
    if (known) known.people.push(person);
    else groups.set(access, { group: { people: 1, row: 0, name: person.name, access, allowed }, people: [person] });
  }
  return [...groups.values()]
    .map(({ group, people }) => ({ group: { ...group, people: people.length }, people }))
    .sort((a, b) => b.people.length - a.people.length);
}

function GroupItem({
  group,
  groups,
  name,
  isOpen,
  onOpen,
  onName,
  imported,
  people,
}: {
  group: Group;
  groups: readonly Group[];
  name: string;
  isOpen: boolean;
  onOpen: () => void;
  onName: (name: string) => void;
  imported: Imported;
  people: readonly Person[] | undefined;
}) {
  const { model, workspace, ask } = useApp();
  const [naming, setNaming] = useState(false);
  const [members, setMembers] = useState<readonly Named[]>();
  const parts = shares(model, group);
  const can = parts.reduce((sum, it) => sum + it.can, 0);
  const all = parts.reduce((sum, it) => sum + it.all, 0);
  const nameOf = groupNames(model, workspace.groups, groups);
  const near = isOpen ? nearest(group, groups) : undefined;
  const only = (a: Group, b: Group) =>
    model.policy.operations.filter((_, column) => a.allowed[column] && !b.allowed[column]).map((id) => model.label(id));
  const words = parts.filter((it) => it.can > 0).sort((a, b) => b.can - a.can);
  return (
    <div class={`grp ${isOpen ? "sel" : ""}`} data-group={group.access} data-row>
      {naming ? (
        <Naming label={text.matrix.renameLabel} value={name} onName={onName} onClose={() => setNaming(false)} />
      ) : (
        <LinkButton plain aria-expanded={isOpen} onClick={onOpen}>
          <b>{name}</b>
        </LinkButton>
      )}
      <span class="num">{text.n(group.people)}</span>
      <span class="print" aria-hidden="true">
        {parts.slice(0, 12).map((it) => (
          <i key={it.section} style={{ "--w": `${(100 * it.can) / Math.max(1, it.all)}%` }} />
        ))}
      </span>
      <span class="s dim full">
        {can === 0
          ? text.matrix.nothing
          : `${text.matrix.canDo(can, all)}: ${words
              .slice(0, 3)
              .map((it) => `${it.section} ${it.can}`)
              .join(", ")}${words.length > 3 ? `, ${text.matrix.more(words.length - 3)}` : ""}`}
      </span>
      {isOpen && near && (
        <div class="full stack t s">
          {only(group, near).length > 0 && (
            <p>
              {text.matrix.apart(nameOf(near))} <span class="gain">{only(group, near).slice(0, 6).join(", ")}</span>
            </p>
          )}
          {only(near, group).length > 0 && (
            <p>
              {text.matrix.lacks(nameOf(near))} <span class="loss">{only(near, group).slice(0, 6).join(", ")}</span>
            </p>
          )}
        </div>
      )}
      {isOpen && (
        <div class="full flex wrap">
          {people === undefined && (
            <Button
              kind="sm"
              onClick={() =>
                members ? setMembers(undefined) : void imported.client?.members(group.access).then(setMembers)
              }
            >
              {members ? text.matrix.hideMembers : text.matrix.members}
            </Button>
          )}
          <Button kind="sm quiet" icon="pencil" onClick={() => setNaming(true)}>
            {text.matrix.rename}
          </Button>
        </div>
      )}
      {isOpen && people && (
        <p class="full s">
          {people.map((person, index) => (
            <span key={person.id}>
              {index > 0 && ", "}
              <LinkButton onClick={() => ask({ view: "person", who: person.id })}>{person.name}</LinkButton>
            </span>
          ))}
        </p>
      )}
      {isOpen && members && (
        <p class="full s" data-members>
          {members.slice(0, 50).map((member, index) => (
            <span key={member.row}>
              {index > 0 && ", "}
              <OpenPerson imported={imported} member={member} />
            </span>
          ))}
          {group.people > 50 && `, ${text.matrix.more(group.people - 50)}`}
        </p>
      )}
    </div>
  );
}

/** The group whose access differs least. */
function nearest(group: Group, groups: readonly Group[]): Group | undefined {
  const distance = (other: Group) =>
    other.allowed.reduce((sum, bit, column) => sum + Number(bit !== group.allowed[column]), 0);
  return groups
    .filter((other) => other !== group)
    .map((other) => ({ other, far: distance(other) }))
    .sort((a, b) => a.far - b.far)[0]?.other;
}

/** Opens an imported person beside the others; their file keeps them as well. */
function OpenPerson({ imported, member }: { imported: Imported; member: Named }) {
  const open = useOpenPerson(imported);
  return (
    <LinkButton aria-label={`${text.matrix.open}: ${member.name}`} onClick={() => open(member)}>
      {member.name}
    </LinkButton>
  );
}

/** Who of the imported people can do the operation that is asked about, and through what. */
function Who({ imported, operation }: { imported: Imported; operation: string }) {
  const { model, workspace } = useApp();
  const [found, setFound] = useState<WhoCan>();
  const resolved = imported.phase.is === "resolved" ? imported.phase.resolved : undefined;
  useEffect(() => {
    let current = true;
    imported.client?.who(operation).then(
      (it) => current && setFound(it),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [operation, imported.client, resolved]);
  if (!found || found.operation !== operation || !resolved) return null;
  const giver = ({ by, role }: WhoCan["givers"][number]) =>
    by === "own"
      ? text.matrix.givers.own
      : by === "role"
        ? text.matrix.givers.role(role === undefined ? "" : model.label(role))
        : text.matrix.givers.inline;
  return (
    <section class="pad stack t" data-who>
      <Heading level={3} count={text.matrix.whoCount(found.count, resolved.size)}>
        {text.matrix.whoCan(model.label(operation))}
      </Heading>
      {found.givers.length > 0 && (
        <p class="s dim">
          {text.matrix.through}: {found.givers.map((it) => `${giver(it)} ${text.n(it.people)}`).join(" · ")}
        </p>
      )}
      <p class="s">
        {found.first.slice(0, 12).map((member, index) => (
          <span key={member.row}>
            {index > 0 && ", "}
            <OpenPerson imported={imported} member={member} />
          </span>
        ))}
        {found.count > 12 && `, ${text.matrix.more(found.count - 12)}`}
      </p>
      <span>
        <Button
          kind="sm"
          icon="downl"
          onClick={() =>
            void imported.client
              ?.export({ who: operation }, workspace.groups)
              .then((blob) => saveFile(blob, `${workspace.id}-who-can-${operation}.csv`))
          }
        >
          {text.matrix.exportWho}
        </Button>
      </span>
    </section>
  );
}
