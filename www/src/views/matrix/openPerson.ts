import { type App, useApp } from "../../state/app.js";
import type { Ask } from "../../state/types.js";
import { newPerson } from "../../state/workspace.js";
import { text } from "../../text/index.js";
import type { Imported } from "../import/people.js";

type Open = (member: { readonly row: number; readonly name: string }, more?: Ask) => void;

/** Opens a person of the imported file: they become one of the people of the workspace, as who they can be changed. */
export const useOpenPerson = (imported: Imported): Open => opener(useApp(), imported);

export function opener({ content, commit, ask, notify }: App, imported: Imported): Open {
  return (member, more = {}) =>
    void imported.client?.person(member.row).then(
      ({ name, subject }) => {
        const known = content.people.find((it) => it.row === member.row && it.name === name);
        if (known) return ask({ ...more, view: "person", who: known.id });
        const taken = content.people.map(({ id }) => id);
        const person = { ...newPerson(name, subject, taken, text.savePoint.start), row: member.row };
        if (commit({ ...content, people: [...content.people, person] }, text.people.did.add(name)))
          ask({ ...more, view: "person", who: person.id });
      },
      (error: Error) => notify({ words: error.message, tone: "loss" }),
    );
}
