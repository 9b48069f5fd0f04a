import { Pane } from "../../parts/Panes.js";
import { Heading } from "../../parts/titles.js";
import { Tag } from "../../parts/ui.js";
import { useApp } from "../../state/app.js";
import { text } from "../../text/index.js";
import { Previewing, usePreviewed } from "./Previewing.js";
import { SavePoint } from "./SavePoint.js";

const tones = { allowed: "gain", denied: "dim", undecided: "fact" } as const;

/** What a person can do, by section: for a policy that has no menu. */
export function Operations() {
  const { model, session, peeked, person, question, ask } = useApp();
  const now = usePreviewed();
  const sections = [...new Set(model.allowable.map(({ section }) => section))];
  const able = model.allowable.filter(({ id }) => session.can(id));
  const { gained, lost } = session.diff(now);
  return (
    <Pane
      place={2}
      label={text.compare.tabs.opens}
      id="pane-menu"
      head={
        <>
          <Heading count={text.menu.of(able.length, model.allowable.length)}>
            {text.reports.personTitle(person.name)}
          </Heading>
          <Previewing />
        </>
      }
      foot={<SavePoint />}
    >
      {sections.map((section) => (
        <ul class="listing" key={section} aria-label={section}>
          <li class="rowhead pgroup">
            <b>{section}</b>
          </li>
          {model.allowable
            .filter((it) => it.section === section)
            .map(({ id, label }) => {
              const { decision } = session.decide(id);
              return (
                <li key={id}>
                  <button
                    type="button"
                    class={`ritem ${id === question.op ? "sel" : ""}`}
                    aria-current={id === question.op ? "true" : undefined}
                    data-row
                    data-ask={id}
                    data-state={decision}
                    onClick={() => ask({ op: id, item: "", pane: "why" })}
                  >
                    <span>{label}</span>
                    <span class="flex">
                      {peeked && gained.includes(id) && (
                        <Tag tone="gain" icon="plus">
                          {text.menu.gained}
                        </Tag>
                      )}
                      {peeked && lost.includes(id) && (
                        <Tag tone="loss" icon="minus">
                          {text.menu.lost}
                        </Tag>
                      )}
                      <Tag tone={tones[decision]}>{text.why.decision[decision]}</Tag>
                    </span>
                  </button>
                </li>
              );
            })}
        </ul>
      ))}
    </Pane>
  );
}
