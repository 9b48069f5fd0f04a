import { Button } from "../../parts/ui.js";
import { useApp } from "../../state/app.js";
import { atSavePoint } from "../../state/workspace.js";
import { text } from "../../text/index.js";
import type { Marks } from "./MenuRow.js";

/** What has changed for this person since their save point; it does not cover the installation. */
export function SavePoint({ marks }: { marks: Marks }) {
  const { person, content, commit, peeked } = useApp();
  const isSame = atSavePoint(person) === person;
  const change = (patch: Partial<typeof person>, did: string) =>
    commit({ ...content, people: content.people.map((it) => (it === person ? { ...it, ...patch } : it)) }, did);
  const save = () => {
    const name = text.savePoint.name(Date.now());
    change({ saved: { subject: person.subject, roles: person.roles, name } }, text.savePoint.did(person.name));
  };
  const back = () =>
    change({ subject: person.saved.subject, roles: person.saved.roles }, text.savePoint.returned(person.name));
  const [words, point] = isSame
    ? text.savePoint.none(person.name, person.saved.name)
    : text.savePoint.some(marks.gained.length + marks.lost.length, person.saved.name);
  return (
    <>
      <span class="s dim grow" data-since title={text.savePoint.help(person.name)}>
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
