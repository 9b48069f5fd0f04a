import type { Session } from "privet";
import type { Studio } from "privet/studio";
import { useMemo, useState } from "preact/hooks";
import { Badge, Button, Empty, Glyph, Loading, Select } from "../../parts/ui.js";
import { useApp } from "../../state/app.js";
import { opening } from "../../state/examples.js";
import { operationsOf } from "../../state/model.js";
import { loadStudio, useStudio } from "../../state/tools.js";
import { menuItems } from "../../state/format.js";
import { text } from "../../text.js";
import { Fixes, NearMisses, obligationLabel } from "./Fixes.js";
import { WhyTree } from "./WhyTree.js";

/** Explains the state of a menu item or operation, and offers the smallest changes. */
export function Why() {
  const { state, model, session, person, go } = useApp();
  // For the initial question the studio loads only on user input, which keeps the first load small
  const isOpening = state.item === opening(model, state.policy).item && !state.op;
  const { studio, error } = useStudio(Boolean(state.item || state.op) && !isOpening);
  const item = state.item ? menuItems(session).find(({ id }) => id === state.item) : undefined;
  const operations = item ? operationsOf(model, item.id) : [];
  const selected =
    model.operations.get(state.op ?? "") ??
    operations.find(({ id }) => session.can(id) === (item?.state === "shown")) ??
    operations[0];
  if (!item && !selected) return <NothingSelected />;
  const title = item ? text.why[item.state](item.label) : text.why.operation(selected?.label ?? "");
  return (
    <>
      <div class="panel-head">
        <h2 id="why-title" tabIndex={-1}>
          {title}
        </h2>
      </div>
      {item && (
        <p class="crumbs">
          {person.name} › {model.items.get(item.id)?.path.join(" › ")}
        </p>
      )}
      {operations.length > 1 && selected && (
        <Select
          label={text.why.operations}
          visible
          options={operations.map(({ id, label }) => ({ id, label: `${session.can(id) ? "✓" : "✕"} ${label}` }))}
          value={selected.id}
          onChange={(op) => go({ op })}
        />
      )}
      {!selected ? null : studio ? (
        <Answer studio={studio} session={session} operation={selected.id} />
      ) : isOpening && error === undefined ? (
        <Button kind="main" onClick={() => void loadStudio().catch(() => undefined)}>
          {text.why.ask}
        </Button>
      ) : (
        <Loading error={error} />
      )}
    </>
  );
}

function NothingSelected() {
  const { session, person, go } = useApp();
  const missing = menuItems(session)
    .filter(({ state }) => state === "hidden")
    .slice(0, 12);
  return (
    <>
      <div class="panel-head">
        <h2>{text.why.empty}</h2>
      </div>
      <Empty title={text.why.emptyHelp}>
        {missing.length > 0 && <p class="dim">{text.why.missing(person.name)}</p>}
        <div class="chips">
          {missing.map(({ id, label }) => (
            <Button key={id} onClick={() => go({ item: id, op: "", pane: "why" })}>
              <Glyph mark="hidden" /> {label}
            </Button>
          ))}
        </div>
      </Empty>
    </>
  );
}

function Answer({ studio, session, operation }: { studio: Studio; session: Session; operation: string }) {
  const { model, state } = useApp();
  const why = useMemo(() => studio.explain(session, operation), [studio, session, operation]);
  const isAllowed = why.decision === "allowed";
  const isRestricting = model.operations.get(operation)?.restricts;
  const fixes = useMemo(() => (isAllowed ? undefined : studio.fixes(session, operation)), [studio, session, operation]);
  const dormant = useMemo(() => studio.dormant(session), [studio, session]);
  const read = new Set(named(why.tree));
  const idle = dormant.filter(({ privilege }) => read.has(privilege));
  const note = model.operations.get(operation)?.note;
  return (
    <>
      <p class={`sentence ${why.decision}`} aria-live="polite" data-sentence>
        <Glyph mark={isAllowed ? "yes" : why.decision === "denied" ? "no" : "unknown"} /> {why.sentence}
      </p>
      {why.obligations.length > 0 && (
        <p>
          {text.why.owed}:{" "}
          {why.obligations.map((id) => (
            <Badge key={id} tone="warn">
              {obligationLabel(model, operation, id)}
            </Badge>
          ))}
        </p>
      )}
      {why.facts.length > 0 && (
        <p>
          {text.why.facts}:{" "}
          {why.facts.map((id) => (
            <Badge key={id} tone="fact">
              {model.label(id)}
            </Badge>
          ))}
        </p>
      )}
      {!isRestricting && fixes && (
        <section>
          <h3>{text.why.fixes}</h3>
          <Fixes result={fixes} row={state.who} />
          {fixes.minimal && fixes.complete && fixes.fixes.length > 0 && <p class="dim">{text.why.allMinimal}</p>}
        </section>
      )}
      <section>
        <h3>{text.why.tree}</h3>
        <WhyTree tree={why.tree} />
      </section>
      {idle.length > 0 && (
        <section>
          <h3>{text.why.dormantTitle}</h3>
          <ul class="near">
            {idle.map(({ privilege, sentence }) => (
              <li key={privilege}>
                <Badge tone="warn">{text.privileges.noEffect}</Badge> {sentence}
              </li>
            ))}
          </ul>
        </section>
      )}
      {fixes && <NearMisses misses={why.nearMisses} fixes={fixes} />}
      {isAllowed && why.decisive.length > 0 && (
        <p>
          {text.why.decisive}:{" "}
          {why.decisive.map((id) => (
            <Badge key={id} tone={model.facts.has(id) ? "fact" : "grey"}>
              {model.label(id)}
            </Badge>
          ))}
        </p>
      )}
      {isAllowed && why.redundant.length > 0 && (
        <p>
          {text.why.redundant}: {why.redundant.map(model.label).join(", ")}
        </p>
      )}
      {isAllowed && !isRestricting && (
        <DenyingFixes key={operation} studio={studio} session={session} operation={operation} />
      )}
      {note && (
        <p class="note">
          {text.why.note}: {note}
        </p>
      )}
      {why.inferred.length > 0 && (
        <p class="note">
          {text.why.inferred}: {[...new Set(why.inferred.map(({ document }) => document))].join(", ")}
        </p>
      )}
    </>
  );
}

/** Smallest changes that would deny the operation; computed only when opened. */
function DenyingFixes({ studio, session, operation }: { studio: Studio; session: Session; operation: string }) {
  const { state } = useApp();
  const [isOpen, setOpen] = useState(false);
  const fixes = useMemo(
    () => (isOpen ? studio.fixes(session, operation, { to: "denied" }) : undefined),
    [isOpen, studio, session, operation],
  );
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{text.why.fixesDenied}</summary>
      {fixes && <Fixes result={fixes} row={state.who} />}
    </details>
  );
}

type Tree = ReturnType<Studio["explain"]>["tree"];
/** All ids that a tree reads. */
function named({ id, children = [] }: Tree): string[] {
  return [...(id === undefined ? [] : [id]), ...children.flatMap(named)];
}
