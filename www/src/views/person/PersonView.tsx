import { useEffect, useRef, useState } from "preact/hooks";
import { CopyLink, UndoRedo } from "../../parts/Acts.js";
import { Choice } from "../../parts/Choice.js";
import { Naming } from "../../parts/Dialog.js";
import { Panes, Top } from "../../parts/Panes.js";
import { Avatar, Button } from "../../parts/ui.js";
import { type App, Later, useApp } from "../../state/app.js";
import { formatValue } from "../../state/format.js";
import { roleName } from "../../state/model.js";
import type { Person } from "../../state/types.js";
import { freshId, menuItems, newPerson, ownGrant, shownItems, roleNames } from "../../state/workspace.js";
import { text } from "../../text/index.js";
import { Menu } from "./Menu.js";
import { Operations } from "./Operations.js";
import { Privileges } from "./Privileges.js";
import { Why } from "./Why.js";
import { ViewTitle } from "../../parts/titles.js";

/** One person: what they hold, the menu as they see it, and why. */
export function PersonView() {
  const { person, ask, session, say, model } = useApp();
  const viewed = useRef(person.id);
  useEffect(() => {
    if (viewed.current === person.id) return;
    viewed.current = person.id;
    say(text.live.person(person.name, shownItems(session).length, menuItems(session).length));
  }, [person.id]);
  return (
    <>
      <Top tabs={[text.panes.privileges, text.panes.menu, text.panes.why]}>
        <span class="dim s hide-p">{text.people.viewingAs}</span>
        <ViewTitle class="sr">{person.name}</ViewTitle>
        <PersonChoice />
        <span class="s mute hide-p cut">{summary(useApp())}</span>
        <span class="grow" />
        <UndoRedo />
        <span class="sep hide-p" />
        <Button
          kind="quiet hide-p"
          icon="columns"
          onClick={() => ask({ view: "compare", mode: "people", left: person.id })}
        >
          {text.shell.compare}
        </Button>
        <CopyLink />
        <Button
          icon="send"
          aria-label={text.shell.request}
          onClick={() => ask({ view: "requests", request: "suggested" })}
        >
          <span class="hide-p">{text.shell.request}</span>
        </Button>
      </Top>
      <Panes columns="three">
        <Privileges />
        {model.items.size > 0 ? <Menu /> : <Operations />}
        <Later>
          <Why />
        </Later>
      </Panes>
    </>
  );
}

/** What a person holds, in a line. */
function summary({ model, content, person }: App): string {
  const grants = model.described.privileges.filter(({ id }) => ownGrant(person, id) !== undefined);
  const [level] = model.described.privileges.filter(
    ({ id, kind, levels }) => kind === "level" && (levels?.length ?? 0) > 5 && ownGrant(person, id) !== undefined,
  );
  const roles = roleNames(model, content, person);
  return [
    ...(level ? [text.people.level(level.label, formatValue(model, level.id, ownGrant(person, level.id)))] : []),
    text.people.privileges(grants.length - (level ? 1 : 0)),
    roles.length === 0 ? text.people.noRole : text.people.roles(roles),
  ].join(" · ");
}

/** The person whose menu is shown; people are added, renamed, copied and removed here. */
function PersonChoice() {
  const { content, person, ask, commit, model } = useApp();
  const [naming, setNaming] = useState(false);
  const { people } = content;
  const taken = people.map(({ id }) => id);
  const add = (added: Person) => {
    if (commit({ ...content, people: [...people, added] }, text.people.did.add(added.name))) ask({ who: added.id });
  };
  const rename = (name: string) =>
    commit(
      { ...content, people: people.map((it) => (it === person ? { ...it, name } : it)) },
      text.people.did.rename(name),
    );
  const remove = () =>
    commit({ ...content, people: people.filter((it) => it !== person) }, text.people.did.remove(person.name));
  /** Not given, she, he, and again. */
  const changePronoun = () => {
    const { pronoun, ...rest } = person;
    const next: Person = pronoun === "he" ? rest : { ...rest, pronoun: pronoun === "she" ? "he" : "she" };
    commit({ ...content, people: people.map((it) => (it === person ? next : it)) }, text.people.pronoun);
  };
  if (naming)
    return <Naming label={text.people.name} value={person.name} onName={rename} onClose={() => setNaming(false)} />;
  return (
    <Choice
      label={text.people.viewingAs}
      kind="person-choice"
      value={person.id}
      items={people.map((it) => ({
        id: it.id,
        label: it.name,
        hint: (it.subject.roles ?? []).map((role) => roleName(model, role)).join(", "),
      }))}
      onChange={(who) => ask({ who })}
      face={
        <>
          <Avatar name={person.name} me />
          <span>{person.name}</span>
        </>
      }
      acts={[
        {
          label: text.people.add,
          icon: "plus",
          act: () => add(newPerson(text.people.first, {}, taken, text.savePoint.start)),
        },
        { label: text.people.import, icon: "up", act: () => ask({ view: "import" }) },
        { label: text.people.rename, icon: "pencil", act: () => setNaming(true) },
        {
          label: `${text.people.pronoun}: ${text.people.pronouns[person.pronoun ?? "none"]}`,
          icon: "person",
          act: changePronoun,
        },
        {
          label: text.people.copy,
          icon: "copy",
          act: () => add({ ...person, id: freshId(person.id, taken), name: text.people.copyOf(person.name) }),
        },
        ...(people.length > 1 ? [{ label: text.people.remove, icon: "x", act: remove }] : []),
      ]}
    />
  );
}
