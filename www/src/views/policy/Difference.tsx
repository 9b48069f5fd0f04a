import type { Subject } from "privet";
import type { PolicyDescription, PolicyDifference } from "privet/studio";
import { Icon } from "../../parts/Icon.js";
import { Mark, Tag } from "../../parts/ui.js";
import { text } from "../../text/index.js";

/** How many ids of one kind are listed. */
const LISTED = 12;

/** Whether the versions are of two policies that share no operation. */
export const isOtherPolicy = ({ added }: PolicyDifference, { operations }: PolicyDescription): boolean =>
  operations.length > 0 && operations.every(({ id }) => added.includes(id));

/** Changes in meaning between two versions of a policy, each with its witness: the smallest subject that shows it. */
export function Difference({ difference, described }: { difference: PolicyDifference; described: PolicyDescription }) {
  const labels = new Map(
    [...described.operations, ...described.privileges, ...described.facts, ...described.roles].map(
      ({ id, label }): [string, string] => [id, label],
    ),
  );
  const label = (id: string) => labels.get(id) ?? id;
  const { added, removed, renamed, changed, unanswered = [] } = difference;
  const lists = [
    ["gain", "plus", text.policy.added, added],
    ["loss", "minus", text.policy.removed, removed],
    ["warn", "tilde", text.policy.renamed, Object.entries(renamed).map(([old, is]) => `${old} → ${is}`)],
    ["warn", "tilde", text.policy.unanswered, unanswered],
  ] as const;
  const total = described.operations.length;
  const touched = new Set(changed.filter(({ kind }) => kind === "operation").map(({ id }) => id)).size;
  if (isOtherPolicy(difference, described)) return <p data-difference="other">{text.policy.other}</p>;
  if (changed.length === 0 && lists.every(([, , , list]) => list.length === 0))
    return <p data-difference="equal">{text.policy.equal}</p>;
  return (
    <div data-difference="some" class="card">
      {changed.map(({ id, kind, level, obligation, witness, before, after, owed, assumes }, index) => (
        <div class="in stack t" key={index}>
          <p class="flex">
            <Mark tone="warn" icon="tilde" />
            <b>{label(id)}</b>
            {level && ` / ${level}`}
            {kind !== "operation" && (
              <span class="dim s">
                {text.policy.differs[kind]}
                {obligation && `: ${obligation}`}
              </span>
            )}
          </p>
          <p class="flex wrap">
            <Tag tone={before === "allowed" ? "gain" : "loss"}>
              {text.policy.before}: {shown(before)}
            </Tag>
            <Icon name="arrow" />
            <Tag tone={after === "allowed" ? "gain" : "loss"}>
              {text.policy.after}: {shown(after)}
            </Tag>
            {owed !== undefined && <Tag tone="warn">{owed ? text.why.owed : text.policy.removed}</Tag>}
          </p>
          {witness && (
            <p class="s dim">
              {text.policy.witness} {held(witness, label).join(", ") || text.policy.noGrants}.{" "}
              {assumes.length > 0 &&
                text.versions.assumes(
                  text.and(
                    assumes.map(
                      (fact) =>
                        `${label(fact)} ${witness.facts?.[fact] === true ? text.values.on : witness.facts?.[fact] === false ? text.values.off : String(witness.facts?.[fact] ?? text.values.unknown)}`,
                    ),
                  ),
                )}
            </p>
          )}
        </div>
      ))}
      {lists
        .filter(([, , , list]) => list.length > 0)
        .map(([tone, icon, title, list]) => (
          <div class="in stack t" key={title}>
            <p class="flex">
              <Mark tone={tone} icon={icon} /> <b>{title}</b> <span class="count">{list.length}</span>
            </p>
            <p class="s dim">
              {list.slice(0, LISTED).map(label).join(", ")}
              {list.length > LISTED && ` … ${text.why.more(list.length - LISTED)}`}
            </p>
          </div>
        ))}
      {total > touched && (
        <div class="in s dim">
          {text.versions.same(
            total -
              touched -
              added.filter((id) => labels.has(id) && described.operations.some((it) => it.id === id)).length,
          )}
        </div>
      )}
    </div>
  );
}

/** A decision in words; anything else as it is declared. */
const shown = (value: string) =>
  (text.why.decision as { readonly [decision: string]: string })[value] ?? (value || "–");

function held({ roles = [], grants = {}, facts = {} }: Subject, label: (id: string) => string): string[] {
  const value = (id: string, it: unknown) =>
    it === true
      ? label(id)
      : text.assign(label(id), it === false ? text.values.off : Array.isArray(it) ? it.join(", ") : String(it));
  return [
    ...roles.map((role) => (typeof role === "string" ? label(role) : text.roles.unnamed)),
    ...[...Object.entries(grants), ...Object.entries(facts)].map(([id, it]) => value(id, it)),
  ];
}
