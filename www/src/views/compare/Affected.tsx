import { useMemo } from "preact/hooks";
import { EffectTags } from "../../parts/Effects.js";
import { PersonLink } from "../../parts/PersonLink.js";
import { AnswerTitle, Heading } from "../../parts/titles.js";
import { LinkButton, Tag } from "../../parts/ui.js";
import { useApp } from "../../state/app.js";
import type { Model } from "../../state/model.js";
import type { Content, Person } from "../../state/types.js";
import { menuDifference } from "../../state/workspace.js";
import { text } from "../../text/index.js";
import { AffectedImported } from "./AffectedImported.js";
import { changeWords } from "./changeWords.js";
import { inBoth } from "./inBoth.js";

/** The people whose access or menu differs between the versions: those here, and the imported ones. */
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
      <AnswerTitle>{text.versions.people}</AnswerTitle>
      <Heading level={3} count={text.versions.affected(affected.length, rows.length)}>
        {text.installation.peopleHere}
      </Heading>
      {affected.length === 0 && <p class="s dim">{text.versions.nobody}</p>}
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
              {"fault" in row ? row.fault : changeWords(row, { before: before.label, after: after.label })}
            </span>
          </li>
        ))}
      </ul>
      <AffectedImported before={before} after={after} />
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
