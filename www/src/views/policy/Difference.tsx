import type { Subject } from "privet";
import type { PolicyDescription, PolicyDifference } from "privet/studio";
import { Badge } from "../../parts/ui.js";
import { text } from "../../text.js";

/** Changes in meaning between two versions of a policy, each with its witness: the smallest subject that shows it. */
export function Difference({ difference, described }: { difference: PolicyDifference; described: PolicyDescription }) {
  const labels = new Map(
    [...described.operations, ...described.privileges, ...described.facts, ...described.roles].map(
      ({ id, label }): [string, string] => [id, label],
    ),
  );
  const label = (id: string) => labels.get(id) ?? id;
  const { added, removed, renamed, changed, unanswered = [] } = difference;
  const lists: [string, readonly string[]][] = [
    [text.policy.added, added],
    [text.policy.removed, removed],
    [text.policy.renamed, Object.entries(renamed).map(([old, is]) => `${old} → ${is}`)],
    [text.policy.unanswered, unanswered],
  ];
  if (changed.length === 0 && lists.every(([, list]) => list.length === 0))
    return <p data-difference="equal">{text.policy.equal}</p>;
  return (
    <div data-difference="some" class="difference">
      {lists
        .filter(([, list]) => list.length > 0)
        .map(([title, list]) => (
          <section key={title}>
            <h3>{title}</h3>
            <p class="chips">
              {list.map((id) => (
                <Badge key={id}>{id}</Badge>
              ))}
            </p>
          </section>
        ))}
      {changed.length > 0 && (
        <section>
          <h3>{text.policy.changed}</h3>
          <ul class="near">
            {changed.map(({ id, kind, level, obligation, witness, before, after, owed }, index) => (
              <li key={index}>
                <p>
                  <b>{label(id)}</b>
                  {level && ` / ${level}`}
                  {kind !== "operation" && (
                    <span class="dim">
                      {" "}
                      · {text.policy.differs[kind]}
                      {obligation && `: ${obligation}`}
                    </span>
                  )}
                </p>
                <p>
                  {text.policy.before} <Badge tone={before === "allowed" ? "gain" : "loss"}>{shown(before)}</Badge> →{" "}
                  {text.policy.after} <Badge tone={after === "allowed" ? "gain" : "loss"}>{shown(after)}</Badge>
                  {owed !== undefined && (
                    <>
                      {" "}
                      <Badge tone="warn">{owed ? text.why.owed : text.policy.removed}</Badge>
                    </>
                  )}
                </p>
                {witness && (
                  <p class="note">
                    {text.policy.witness} {held(witness, label).join(", ") || text.policy.noGrants}
                  </p>
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

/** A decision in words; anything else as it is declared. */
const shown = (value: string) =>
  (text.why.decisions as { readonly [decision: string]: string })[value] ?? (value || "–");

function held({ roles = [], grants = {}, facts = {} }: Subject, label: (id: string) => string): string[] {
  const value = (id: string, it: unknown) =>
    it === true
      ? label(id)
      : text.assign(label(id), it === false ? text.values.off : Array.isArray(it) ? it.join(", ") : String(it));
  return [
    ...roles.map((role) => (typeof role === "string" ? label(role) : text.roles.title)),
    ...[...Object.entries(grants), ...Object.entries(facts)].map(([id, it]) => value(id, it)),
  ];
}
