import { Icon } from "../../parts/Icon.js";
import { Tag } from "../../parts/ui.js";
import { useApp } from "../../state/app.js";
import { formatValue } from "../../state/format.js";
import type { FactInfo } from "../../state/model.js";
import { text } from "../../text/index.js";
import { FactControl } from "./Control.js";

/** A fact about the person. */
export function FactRow({ fact }: { fact: FactInfo }) {
  const { person, change, model } = useApp();
  return (
    <div class="prow wide" data-row data-fact={fact.id} data-focus={`fact ${fact.id}`}>
      <span class="nm">
        {fact.label} <Tag tone="fact">{text.why.aFact}</Tag>
      </span>
      <FactControl
        fact={fact}
        value={person.subject.facts?.[fact.id] ?? fact.absent}
        isKnown={fact.absent !== undefined}
        onChange={(value) =>
          change(person.id, { facts: { [fact.id]: value } }, text.did(fact.label, formatValue(model, fact.id, value)))
        }
      />
      {fact.note && <span class="sub">{fact.note}</span>}
    </div>
  );
}

/** A setting of the installation: shown here, changed in its own place. */
export function Setting({ fact }: { fact: FactInfo }) {
  const { ask, content, model } = useApp();
  const value = formatValue(model, fact.id, content.facts[fact.id]);
  return (
    <div class="prow" data-row data-setting={fact.id}>
      <span class="nm">{fact.label}</span>
      <span class="count" />
      <button
        type="button"
        class="tag fact"
        onClick={() => ask({ view: "installation", fact: fact.id })}
        aria-label={`${fact.label}: ${value}`}
      >
        {value} <Icon name="arrow" />
      </button>
      <span class="sub">{text.grants.settingHelp}</span>
    </div>
  );
}
