import { Pane } from "../../parts/Panes.js";
import { AnswerTitle } from "../../parts/titles.js";
import { Button, Empty, Mark, Verdict } from "../../parts/ui.js";
import { useApp } from "../../state/app.js";
import { newRole, rolesIn } from "../../state/roles.js";
import { text } from "../../text/index.js";
import type { Side } from "./sides.js";

/** What only one of the two opens. */
export function Alone({ left, right, mode }: { left: Side; right: Side; mode: string }) {
  const { model, content, commit, ask } = useApp();
  const { gained, lost } = left.session.diff(right.session);
  const sections = [...new Set(model.described.operations.map(({ section }) => section))]
    .map((section) => {
      const all = model.allowable.filter((it) => it.section === section);
      return {
        section,
        all: all.length,
        count: all.filter(({ id }) => (gained as readonly string[]).includes(id)).length,
      };
    })
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
  const copy = () => {
    const role = rolesIn(model, content).find(({ id }) => id === left.id);
    if (!role) return;
    const draft = newRole(model, content, text.roles.copyName(role.name), role.grants, role.id);
    if (commit({ ...content, roles: [...content.roles, draft] }, text.roles.did.create(draft.name)))
      ask({ view: "roles", role: draft.id });
  };
  return (
    <Pane place={3} label={text.compare.alone(left.name)}>
      <div class="pad stack">
        <AnswerTitle>{text.compare.alone(left.name)}</AnswerTitle>
        {lost.length === 0 && <p class="dim">{text.compare.none}</p>}
        <ul class="plainlist s">
          {lost.slice(0, 20).map((id) => (
            <li key={id} class="flex">
              <Mark tone="loss" icon="minus" /> {model.label(id)}
            </li>
          ))}
          {lost.length > 20 && <li class="dim">{text.why.more(lost.length - 20)}</li>}
        </ul>
        {mode === "roles" && lost.length > 0 && (
          <Verdict tone="hm">{text.compare.replacing(left.name, right.name, lost.length)}</Verdict>
        )}
        {mode === "roles" && (
          <span>
            <Button icon="copy" onClick={copy}>
              {text.compare.copyRole(left.name)}
            </Button>
          </span>
        )}
        <h3>{text.compare.alone(right.name)}</h3>
        {sections.length === 0 ? (
          <Empty title={text.compare.none} />
        ) : (
          <ul class="bars s">
            {sections.map(({ section, count, all }) => (
              <li key={section}>
                <span class="cut" title={section}>
                  {section}
                </span>
                <span class="bar" aria-hidden="true">
                  <i style={{ width: `${(100 * count) / all}%` }} />
                </span>
                <span class="num">{text.grants.of(count, all)}</span>
              </li>
            ))}
          </ul>
        )}
        {gained.length > 0 && gained.length <= 12 && (
          <ul class="plainlist s">
            {gained.map((id) => (
              <li key={id} class="flex">
                <Mark tone="gain" icon="plus" /> {model.label(id)}
              </li>
            ))}
          </ul>
        )}
      </div>
    </Pane>
  );
}
