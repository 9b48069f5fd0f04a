// What was read from a file: its columns, the first people, and the largest groups.
import { useEffect, useState } from "preact/hooks";
import { Mark } from "../../parts/ui.js";
import { Heading } from "../../parts/titles.js";
import { useApp } from "../../state/app.js";
import { isShared } from "../../state/facts.js";
import { formatValue } from "../../state/format.js";
import { type Model, roleName, withoutEnd } from "../../state/model.js";
import { text } from "../../text/index.js";
import { groupNames } from "./groups.js";
import type { Meaning } from "./mapping.js";
import type { Imported } from "./people.js";
import type { Checked, ColumnRead, Resolved, TablePreview } from "./protocol.js";

export const isInstallation = (model: Model, meaning: Meaning) =>
  meaning.startsWith("fact:") && isShared(model.facts.get(meaning.slice(5)));

/** What the columns give with their meanings; `tries` is counted up when a value was replaced. */
export function useChecked(
  { client }: Imported,
  preview: TablePreview | undefined,
  meanings: readonly Meaning[],
  tries = 0,
): { readonly checked: Checked | undefined; readonly isCurrent: boolean } {
  const [found, setFound] = useState<{ readonly of: readonly Meaning[]; readonly checked: Checked }>();
  useEffect(() => {
    let current = true;
    const timer = setTimeout(() => {
      client?.check(meanings).then(
        (checked) => current && setFound({ of: meanings, checked }),
        () => undefined,
      );
    }, 60);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [meanings, tries, client, preview]);
  return { checked: found?.checked, isCurrent: found?.of === meanings };
}

/** What a column gives: counts, failing values, or that it is kept for exports. */
export function Result({
  meaning,
  column,
  checked,
}: {
  meaning: Meaning;
  column: ColumnRead | undefined;
  checked: Checked | undefined;
}) {
  const { model } = useApp();
  if (!column) return <span />;
  if (meaning === "") return <span class="s mute">{text.imports.exportsOnly}</span>;
  if (isInstallation(model, meaning))
    return meaning.slice(5) in (checked?.settings ?? {}) ? (
      <span class="s dim">{text.imports.known(column.filled)}</span>
    ) : (
      <span class="s warn flex">
        <Mark tone="warn" icon="warn" /> {text.imports.once}
      </span>
    );
  if (column.failed > 0)
    return (
      <span class="s loss flex">
        <Mark tone="loss" icon="x" /> {text.imports.fails(column.failed)}
      </span>
    );
  if (meaning === "name") return <span class="s dim">{text.imports.names(column.filled)}</span>;
  if (meaning === "roles") return <span class="s dim">{text.imports.rolesFound(column.given)}</span>;
  return (
    <span class="s dim">
      {meaning.startsWith("fact:") ? text.imports.known(column.given) : text.imports.granted(column.given)}
    </span>
  );
}

/** What somebody is read to hold, as words. */
function holds(model: Model, { subject }: Checked["first"][number]): string {
  const values = Object.entries({ ...subject.grants, ...subject.facts }).map(([id, value]) =>
    text.assign(model.label(id), formatValue(model, id, withoutEnd(value as never))),
  );
  return [...(subject.roles ?? []).map((role) => roleName(model, role)), ...values].join(" · ");
}

/** The first people as they are read, so that a misreading is seen before anybody is imported. */
export function FirstPeople({ first }: { first: Checked["first"] }) {
  const { model } = useApp();
  if (first.length === 0) return null;
  return (
    <section class="pad stack t" data-first-people>
      <h3>{text.imports.firstPeople}</h3>
      <ul class="plainlist">
        {first.map((person) => (
          <li key={person.at}>
            <b>{person.name}</b>
            <br />
            <span class="s dim">{holds(model, person) || text.imports.holdsNothing}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The columns that are used, with what each gave. */
export function ColumnsRead({
  preview,
  meanings,
  checked,
}: {
  preview: TablePreview;
  meanings: readonly Meaning[];
  checked: Checked | undefined;
}) {
  const { model } = useApp();
  const used = preview.header
    .map((title, index) => ({ title, meaning: meanings[index] ?? "", column: checked?.columns[index] }))
    .filter(({ meaning }) => meaning !== "");
  if (used.length === 0 || !checked) return null;
  const labelOf = (meaning: Meaning) =>
    meaning === "name"
      ? text.imports.name
      : meaning === "roles"
        ? text.imports.roles
        : model.label(meaning.replace(/^\w+:/, ""));
  return (
    <section class="pad stack t" data-columns-read>
      <Heading level={3} count={text.grants.of(used.length, preview.header.length)}>
        {text.imports.columnsRead}
      </Heading>
      <ul class="plainlist">
        {used.map(({ title, meaning, column }) => (
          <li key={title} class="rowhead">
            <span>
              {title}
              {labelOf(meaning) !== title && <span class="dim"> → {labelOf(meaning)}</span>}
            </span>
            <span>
              <Result meaning={meaning} column={column} checked={checked} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** How many groups are listed. */
const LARGEST = 10;

/** The largest groups of identical access. */
export function LargestGroups({ resolved }: { resolved: Resolved }) {
  const { model, workspace } = useApp();
  const name = groupNames(model, workspace.groups, resolved.groups);
  const most = resolved.groups[0]?.people ?? 1;
  return (
    <section class="stack t" data-largest-groups>
      <Heading level={3} count={text.matrix.identicalCount(resolved.size, resolved.groupCount, true)}>
        {text.matrix.identical}
      </Heading>
      <ul class="bars">
        {resolved.groups.slice(0, LARGEST).map((group) => (
          <li key={group.access}>
            <span class="cut" title={name(group)}>
              {name(group)}
            </span>
            <span class="bar">
              <i style={{ width: `${(100 * group.people) / most}%` }} />
            </span>
            <span class="num">{text.n(group.people)}</span>
          </li>
        ))}
      </ul>
      {resolved.groupCount > LARGEST && <p class="s dim">{text.matrix.smaller(resolved.groupCount - LARGEST)}</p>}
    </section>
  );
}
