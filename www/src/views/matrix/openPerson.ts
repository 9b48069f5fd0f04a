import { type App, useApp } from "../../state/app.js";
import type { Ask } from "../../state/types.js";
import { newPerson } from "../../state/workspace.js";
import { text } from "../../text/index.js";
import type { Imported } from "../import/people.js";

type Open = (member: { readonly row: number; readonly name: string }, more?: Ask) => void;

/** Opens a person of the imported file: they become one of the people of the workspace, as who they can be changed. */
export const useOpenPerson = (imported: Imported): Open => opener(useApp(), imported);

export function opener({ present, commit, ask, notify }: App, imported: Imported): Open {
  return (member, more = {}) =>
    void imported.client?.person(member.row).then(
      ({ name, subject }) => {
        // As the people are now: others may have been opened in the meantime, or this one by the first click of two
        const content = present();
        const known = content.people.find((it) => it.row === member.row && imported.has(it));
        if (known) return ask({ ...more, view: "person", who: known.id });
        const taken = content.people.map(({ id }) => id);
        const place = { file: imported.id, row: member.row };
        const person = { ...newPerson(name, subject, taken, text.savePoint.start), ...place };
        if (commit({ ...content, people: [...content.people, person] }, text.people.did.add(name)))
          ask({ ...more, view: "person", who: person.id });
      },
      (error: Error) => notify({ words: error.message, tone: "loss" }),
    );
}
