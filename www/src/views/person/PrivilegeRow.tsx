import type { GrantValue, Session } from "privet";
import { useRef } from "preact/hooks";
import { Icon } from "../../parts/Icon.js";
import { Drawn } from "../../parts/Drawn.js";
import { Tag } from "../../parts/ui.js";
import { useApp } from "../../state/app.js";
import { formatValue } from "../../state/format.js";
import { holding, roleName, rolesGranting } from "../../state/model.js";
import type { PrivilegeInfo } from "../../state/model.js";
import { dormant, missingNames, opens, waitsFor } from "../../state/opens.js";
import { useStudio } from "../../state/tools.js";
import { ownGrant, subjectOf } from "../../state/workspace.js";
import { text } from "../../text/index.js";
import { GrantControl } from "./Control.js";

interface Props {
  readonly privilege: PrivilegeInfo;
  /** The session that tells what it would open: as before the latest change, until the page has been drawn with it. */
  readonly late: Session;
  /** The level or value that the question needs. */
  readonly needed: string | undefined;
  readonly pinned?: boolean;
}

/** What a row shows, as plain data. */
interface Shown {
  readonly value: GrantValue | undefined;
  readonly isUndecided: boolean;
  readonly lockedBy: string | undefined;
  readonly needed: string | undefined;
  readonly isIdle: boolean;
  readonly hint: string;
  readonly opened: number;
  readonly openedTitle: string;
  /** The second line: why it has no effect, or what it waits for. */
  readonly note: string;
  readonly through: string;
}

/** A privilege: its value, through what it is held, what it opens, and whether it has an effect. */
export function PrivilegeRow({ privilege, late, needed, pinned = false }: Props) {
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
  const waits = studio ? waitsFor(studio, model, late, privilege) : "";
  const opened = opens(late, privilege);
  const why = isIdle && studio ? dormant(studio, session).find((it) => it.privilege === id) : undefined;
  const idleWords = text.grants.onNoEffect(why ? missingNames(model, why) : "");
  const lockedBy = own === undefined && granted !== undefined && through.length > 0 ? through[0] : undefined;
  const note = isIdle
    ? effective === undefined
      ? idleWords
      : effective === "undecided"
        ? text.grants.effectUnknown
        : text.grants.partly(formatValue(model, id, effective))
    : granted === undefined && waits !== ""
      ? text.grants.noEffectUntil(waits)
      : "";
  const set = useRef((_: GrantValue | null) => {});
  set.current = (value) => {
    if (lockedBy !== undefined && givesAnyway(privilege, granted, value)) return;
    const done = change(person.id, { set: { [id]: value } }, text.did(label, formatValue(model, id, value)));
    if (done && value !== null && waits !== "") say(text.live.noEffect(label, waits));
  };
  const throughWords = through.length > 0 ? text.grants.through(text.and(through)) : "";
  const shown: Shown = {
    value: granted === "undecided" ? own : granted,
    isUndecided: granted === "undecided",
    lockedBy,
    needed,
    isIdle: isIdle && effective !== "undecided",
    hint: isIdle ? idleWords : throughWords,
    opened: opened.length,
    openedTitle: opened.map(model.label).join(", "),
    note,
    through: throughWords,
  };
  return (
    <Drawn
      data={shown}
      draw={(shown) => (
        <Row shown={shown} privilege={privilege} pinned={pinned} onChange={(value) => set.current(value)} />
      )}
    />
  );
}

function Row({
  shown,
  privilege,
  pinned,
  onChange,
}: {
  shown: Shown;
  privilege: PrivilegeInfo;
  pinned: boolean;
  onChange: (value: GrantValue | null) => void;
}) {
  const { id, label, kind } = privilege;
  const isWide = kind !== "flag" && kind !== "number";
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
        {shown.isUndecided && <Tag tone="fact">{text.grants.undecided}</Tag>}
      </span>
      <span class="count" title={shown.openedTitle}>
        {shown.opened > 0 && text.grants.opens(shown.opened)}
      </span>
      <GrantControl
        privilege={privilege}
        value={shown.value}
        lockedBy={shown.lockedBy}
        idle={shown.isIdle}
        hint={shown.hint}
        needed={shown.needed}
        onChange={onChange}
      />
      {shown.note !== "" && <span class={`sub ${shown.value === undefined ? "" : "warn"}`}>{shown.note}</span>}
      {shown.through !== "" && (
        <span class="sub">
          <Icon name="lock" /> {shown.through}
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
