import type { GrantValue } from "privet";
import { Icon } from "../../parts/Icon.js";
import { Tag } from "../../parts/ui.js";
import { useApp, useLate } from "../../state/app.js";
import { formatValue } from "../../state/format.js";
import { holding, roleName, rolesGranting } from "../../state/model.js";
import type { PrivilegeInfo } from "../../state/model.js";
import { dormant, missingNames, opens, waitsFor } from "../../state/opens.js";
import { useStudio } from "../../state/tools.js";
import { ownGrant, subjectOf } from "../../state/workspace.js";
import { text } from "../../text/index.js";
import { GrantControl } from "./Control.js";
import { useAsked } from "./asked.js";

/** A privilege: its value, through what it is held, what it opens, and whether it has an effect. */
export function PrivilegeRow({ privilege, pinned = false }: { privilege: PrivilegeInfo; pinned?: boolean }) {
  const { model, session, content, person, change, say } = useApp();
  const { studio } = useStudio();
  const { id, label } = privilege;
  const subject = subjectOf(content, person);
  const { granted, effective, from } = holding(model, session, subject, id);
  const own = ownGrant(person, id);
  const givers = rolesGranting(model, subject, id).map((role) => roleName(model, role));
  const assumed = Array.isArray(from)
    ? from.flatMap((giver) => (giver.by === "role" && giver.facts ? [model.label(giver.role)] : []))
    : [];
  const through = [...new Set([...givers, ...assumed])];
  const isIdle =
    granted !== undefined && granted !== "undecided" && JSON.stringify(granted) !== JSON.stringify(effective);
  const late = useLate(session, model);
  const waits = studio ? waitsFor(studio, model, late, privilege) : "";
  const opened = opens(late, privilege);
  const why = isIdle && studio ? dormant(studio, session).find((it) => it.privilege === id) : undefined;
  const idleWords = why ? missingNames(model, why) : "";
  const lockedBy = own === undefined && granted !== undefined && through.length > 0 ? through[0] : undefined;
  const set = (value: GrantValue | null) => {
    if (lockedBy !== undefined && givesAnyway(privilege, granted, value)) return;
    const done = change(person.id, { set: { [id]: value } }, text.did(label, formatValue(model, id, value)));
    if (done && value !== null && waits !== "") say(text.live.noEffect(label, waits));
  };
  const { tests } = useAsked();
  const isWide = privilege.kind !== "flag" && privilege.kind !== "number";
  return (
    <div
      class={`prow ${isWide ? "wide" : ""}`}
      data-row
      data-privilege={id}
      data-focus={`privilege ${pinned ? "pinned " : ""}${id}`}
    >
      <span class="nm">
        {label}
        {privilege.restricting && <Tag tone="warn">{text.grants.restricts}</Tag>}
        {granted === "undecided" && <Tag tone="fact">{text.grants.undecided}</Tag>}
      </span>
      <span class="count" title={opened.map(model.label).join(", ")}>
        {opened.length > 0 && text.grants.opens(opened.length)}
      </span>
      <GrantControl
        privilege={privilege}
        value={granted === "undecided" ? own : granted}
        lockedBy={lockedBy}
        idle={isIdle && effective !== "undecided"}
        hint={
          isIdle ? text.grants.onNoEffect(idleWords) : through.length > 0 ? text.grants.through(text.and(through)) : ""
        }
        needed={tests.get(id)}
        onChange={set}
      />
      {isIdle ? (
        <span class="sub warn">
          {effective === undefined
            ? text.grants.onNoEffect(idleWords)
            : effective === "undecided"
              ? text.grants.effectUnknown
              : text.grants.partly(formatValue(model, id, effective))}
        </span>
      ) : granted === undefined && waits !== "" ? (
        <span class="sub">{text.grants.noEffectUntil(waits)}</span>
      ) : null}
      {through.length > 0 && (
        <span class="sub">
          <Icon name="lock" /> {text.grants.through(text.and(through))}
        </span>
      )}
      {privilege.note && pinned && <span class="sub">{privilege.note}</span>}
    </div>
  );
}

/** Whether a role gives at least this value already: choosing it would change nothing. */
function givesAnyway({ levels = [] }: PrivilegeInfo, granted: unknown, value: GrantValue | null): boolean {
  const rank = (of: unknown) => levels.findIndex(({ id }) => id === of);
  return (
    value === null ||
    JSON.stringify(value) === JSON.stringify(granted) ||
    (levels.length > 0 && rank(value) <= rank(granted))
  );
}
