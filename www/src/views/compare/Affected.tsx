import { useMemo } from "preact/hooks";
import { EffectTags } from "../../parts/Effects.js";
import { PersonLink } from "../../parts/PersonLink.js";
import { AnswerTitle } from "../../parts/titles.js";
import { Empty, LinkButton, Tag } from "../../parts/ui.js";
import { useApp } from "../../state/app.js";
import type { Model } from "../../state/model.js";
import type { Content, Person } from "../../state/types.js";
import { menuDifference } from "../../state/workspace.js";
import { text } from "../../text/index.js";
import { inBoth } from "./inBoth.js";

/** The people whose access or menu differs between the versions. */
export function Affected({ before, after, isOther }: { before: Model; after: Model; isOther: boolean }) {
  const { content, ask } = useApp();
  const rows = useMemo(
    () => content.people.map((person) => compared(before, after, content, person)),
    [before, after, content],
  );
  const affected = rows.filter(
    (row) => "fault" in row || row.gained.length + row.lost.length + row.shown.length + row.hidden.length > 0,
  );
  if (isOther)
    return (
      <div class="pad stack">
        <AnswerTitle>{text.versions.people}</AnswerTitle>
        <p class="dim">{text.versions.otherPeople}</p>
      </div>
    );
  return (
    <div class="pad stack" data-affected>
      <div class="rowhead">
        <AnswerTitle>{text.versions.people}</AnswerTitle>
        <span class="count">{text.grants.of(affected.length, rows.length)}</span>
      </div>
      {affected.length === 0 && <Empty title={text.versions.nobody} />}
      <ul class="people">
        {affected.map((row) => (
          <li key={row.person.id}>
            <PersonLink person={row.person} />
            {"fault" in row ? (
              <Tag tone="warn">{text.versions.noFit(row.person.name)}</Tag>
            ) : (
              <span class="flex">
                <EffectTags gained={row.gained} lost={row.lost} />
                <LinkButton onClick={() => ask({ who: row.person.id, tab: "menus" })}>
                  {text.versions.tabs.menus}
                </LinkButton>
              </span>
            )}
            <span class="note">
              {"fault" in row
                ? row.fault
                : [
                    row.shown.length > 0 ? text.installation.appears(row.shown.slice(0, 4).map(after.label)) : "",
                    row.hidden.length > 0 ? text.installation.goes(row.hidden.slice(0, 4).map(before.label)) : "",
                    row.shown.length + row.hidden.length === 0
                      ? [...row.gained.slice(0, 3).map(after.label), ...row.lost.slice(0, 3).map(before.label)].join(
                          ", ",
                        )
                      : "",
                  ]
                    .filter(Boolean)
                    .join(". ")}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function compared(before: Model, after: Model, content: Content, person: Person) {
  const sessions = inBoth(before, after, content, person);
  if ("fault" in sessions) return { person, fault: sessions.fault };
  const { was, is } = sessions;
  const [could, can] = [was.allowed() as readonly string[], is.allowed() as readonly string[]];
  return {
    person,
    gained: can.filter((id) => !could.includes(id)),
    lost: could.filter((id) => !can.includes(id)),
    ...menuDifference(was, is),
  };
}
