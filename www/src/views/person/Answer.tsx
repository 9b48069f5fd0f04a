import type { Change } from "privet";
import type { Studio } from "privet/studio";
import { useMemo, useState } from "preact/hooks";
import { Icon } from "../../parts/Icon.js";
import { Heading } from "../../parts/titles.js";
import { Avatar, Button, LinkButton, Tag } from "../../parts/ui.js";
import { useApp } from "../../state/app.js";
import { itemOf } from "../../state/model.js";
import { formatChange } from "../../state/format.js";
import { sourcesOf } from "../../state/sources.js";
import { sessionOf } from "../../state/workspace.js";
import { text } from "../../text/index.js";
import { fixes, useFixes } from "./answers.js";
import { heldInVain, useAsked } from "./asked.js";
import { Fixes } from "./Fixes.js";
import { WhyTree } from "./WhyTree.js";

/** What the studio adds to the decision: the smallest changes, the whole requirement, and who else can. */
export function Answer({ studio }: { studio: Studio }) {
  const { model, content, person, ask } = useApp();
  const { operation } = useAsked();
  const { explanation, fixes: result } = useFixes();
  if (!operation || !explanation) return null;
  const isAllowed = explanation.decision === "allowed";
  return (
    <>
      {explanation.facts.length > 0 && (
        <p>
          {text.why.unknownFacts}:{" "}
          {explanation.facts.map((id) => (
            <Tag key={id} tone="fact">
              {model.label(id)}
            </Tag>
          ))}
        </p>
      )}
      {result && <Fixes result={result} who={person.id} operation={operation.id} />}
      {model.described.roles.length + content.roles.length > 0 && (
        <LinkButton onClick={() => ask({ view: "roles", op: operation.id, item: itemOf(operation), pane: "why" })}>
          {text.roles.which}
        </LinkButton>
      )}
      <section class="stack t">
        <h3>{text.why.takes}</h3>
        <WhyTree tree={explanation.tree} />
        <Sources />
      </section>
      {result && <OtherWays misses={explanation.nearMisses} known={result.fixes} />}
      {isAllowed && explanation.redundant.length > 0 && (
        <p class="s dim">
          {text.why.redundant}: {explanation.redundant.map(model.label).join(", ")}
        </p>
      )}
      {isAllowed && !operation.restricts && <TakeAway studio={studio} operation={operation.id} />}
      <WhoCan />
      <GuideCard />
    </>
  );
}

/** Other changes that would be enough, none of which can be left out in part. */
function OtherWays({
  misses,
  known,
}: {
  misses: readonly { readonly change: Change }[];
  known: readonly { readonly change: Change }[];
}) {
  const { model } = useApp();
  const shown = new Set(known.map(({ change }) => JSON.stringify(change)));
  const others = misses.filter(({ change }) => !shown.has(JSON.stringify(change)));
  if (others.length === 0) return null;
  return (
    <details>
      <summary>{text.why.otherWays}</summary>
      <ul class="plainlist s dim">
        {others.slice(0, 8).map(({ change }, index) => (
          <li key={index}>{formatChange(model, change).join(" · ")}</li>
        ))}
      </ul>
    </details>
  );
}

/** Where the requirement comes from. */
function Sources() {
  const { operation } = useAsked();
  if (!operation || operation.sources.length === 0) return null;
  return (
    <p class="xs mute">
      {sourcesOf(operation).map(({ title, rows, inferred }, index) => (
        <span key={title}>
          {index > 0 && " · "}
          {inferred && `${text.why.inferred}: `}
          {text.why.source(title, rows)}
        </span>
      ))}
    </p>
  );
}

/** Who of the people here can do it, and who holds something for it without effect. */
function WhoCan() {
  const { model, content, person, ask } = useApp();
  const { operation } = useAsked();
  const rows = useMemo(
    () =>
      operation
        ? content.people.map((it) => {
            const session = sessionOf(model, content, it);
            return { it, can: session.can(operation.id), holds: heldInVain(model, session, operation) };
          })
        : [],
    [content, operation, model],
  );
  if (!operation) return null;
  const able = rows.filter(({ can }) => can);
  const others = rows.filter(({ holds, it }) => holds.length > 0 && it !== person);
  return (
    <section class="stack t" data-who-can>
      <Heading level={3} count={text.why.whoCanOf(able.length, rows.length)}>
        {text.why.whoCan}
      </Heading>
      <ul class="people">
        {[...able, ...others].slice(0, 6).map(({ it, can, holds }) => (
          <li key={it.id}>
            <Avatar name={it.name} me={it === person} />
            <span>
              <LinkButton plain onClick={() => ask({ who: it.id })}>
                {it.name}
              </LinkButton>{" "}
              <span class="s dim">{can ? "" : text.why.holds(text.and(holds.map(model.label)))}</span>
            </span>
            {can ? (
              <Tag tone="gain" icon="check">
                {text.why.decision.allowed}
              </Tag>
            ) : (
              <Tag tone="warn" icon="warn">
                {text.grants.noEffect}
              </Tag>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The guide that this change is part of. */
function GuideCard() {
  const { model, ask } = useApp();
  const { needed, operation } = useAsked();
  const found = model.described.guides
    .map((guide) => ({
      guide,
      steps: guide.steps.flatMap(({ done, operation: doing }, index) =>
        needed.some((id) => done.text === id || done.text.startsWith(`${id} `)) || doing === operation?.id
          ? [index + 1]
          : [],
      ),
    }))
    .find(({ steps }) => steps.length > 0);
  if (!found) return null;
  return (
    <div class="card">
      <div class="in flex">
        <Icon name="list" />
        <span class="grow">
          <b>{found.guide.label}</b>
          <br />
          <span class="s dim">{text.why.inGuide(found.steps, found.guide.steps.length)}</span>
        </span>
        <Button onClick={() => ask({ view: "guides", guide: found.guide.id })}>{text.why.openGuide}</Button>
      </div>
    </div>
  );
}

/** The smallest changes after which it is no longer allowed; computed only when opened. */
function TakeAway({ studio, operation }: { studio: Studio; operation: string }) {
  const { session, person } = useApp();
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{text.why.fixesDenied}</summary>
      {isOpen && (
        <Fixes result={fixes(studio, session, operation, "denied")} who={person.id} operation={operation} away />
      )}
    </details>
  );
}
