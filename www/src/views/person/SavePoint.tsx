import { Button } from "../../parts/ui.js";
import { useApp } from "../../state/app.js";
import type { Person } from "../../state/types.js";
import { atSavePoint, between } from "../../state/workspace.js";
import { text } from "../../text/index.js";
import { afterDrawing } from "../../parts/focus.js";

/** How many grants, roles and facts differ between what a person held and holds. */
function changesOf(before: Person, after: Person): number {
  const { set = {}, facts = {}, roles } = between(before.subject, after.subject);
  const made = new Set(
    [...before.roles, ...after.roles].filter((id) => before.roles.includes(id) !== after.roles.includes(id)),
  );
  const listed = (roles?.add?.length ?? 0) + (roles?.remove?.length ?? 0);
  return Math.max(1, Object.keys(set).length + Object.keys(facts).length + listed + made.size);
}

/** What has changed for this person since their save point; it does not cover the installation. */
export function SavePoint() {
  const { person, content, commit, peeked } = useApp();
  const isSame = atSavePoint(person) === person;
  const change = (patch: Partial<typeof person>, did: string) => {
    commit({ ...content, people: content.people.map((it) => (it === person ? { ...it, ...patch } : it)) }, did);
    afterDrawing(() => document.querySelector<HTMLElement>("[data-since]")); // the button is gone
  };
  const save = () => {
    const name = text.savePoint.name(Date.now());
    change({ saved: { subject: person.subject, roles: person.roles, name } }, text.savePoint.did(person.name));
  };
  const back = () =>
    change({ subject: person.saved.subject, roles: person.saved.roles }, text.savePoint.returned(person.name));
  const [words, point] = isSame
    ? text.savePoint.none(person.name, person.saved.name)
    : text.savePoint.some(changesOf(atSavePoint(person), person), person.saved.name);
  return (
    <>
      <span class="s dim grow" data-since tabIndex={-1} title={text.savePoint.help(person.name)}>
        {peeked ? (
          text.menu.previewing(peeked.title)
        ) : (
          <>
            {words} <b>{point}</b>
          </>
        )}
      </span>
      {!isSame && (
        <Button kind="sm quiet" onClick={back}>
          {text.savePoint.return}
        </Button>
      )}
      <Button kind="sm" icon="flag" disabled={isSame} onClick={save}>
        {text.savePoint.set}
      </Button>
    </>
  );
}
