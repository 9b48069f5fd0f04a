import type { Change } from "privet";
import type { Fix, FixResult, FixStep, Preview } from "privet/studio";
import { Badge, Button } from "../../parts/ui.js";
import { useApp } from "../../state/app.js";
import { isShared } from "../../state/model.js";
import type { Model } from "../../state/model.js";
import { formatChange, formatValue } from "../../state/format.js";
import { text } from "../../text.js";

/** The smallest changes for the person in `row`, each with its effects before it is applied. */
export function Fixes({
  result,
  row,
  apply,
  showPeek = true,
}: {
  result: FixResult;
  row: number;
  apply?: string;
  showPeek?: boolean;
}) {
  const { model, change, peek, notify } = useApp();
  if (result.fixes.length === 0) {
    return <p class="dim">{result.sentence ?? text.why.noFixes}</p>;
  }
  const look = (candidate: Change | undefined) => showPeek && peek(candidate);
  const doApply = (fix: Fix) => {
    look(undefined);
    change(row, fix.change);
    notify(text.why.applied(fix.sentence));
  };
  return (
    <ol class="fixes">
      {result.fixes.map((fix, index) => (
        <li
          key={index}
          class="fix"
          data-fix
          onMouseEnter={() => look(fix.change)}
          onMouseLeave={() => look(undefined)}
          onFocusCapture={() => look(fix.change)}
          onBlurCapture={() => look(undefined)}
        >
          <p class="fix-sentence">{fix.sentence}</p>
          <Steps model={model} steps={fix.steps} />
          <p class="fix-effect">
            {text.why.effect(
              fix.sideEffects.menu.shown.length,
              fix.sideEffects.gained.length,
              fix.sideEffects.lost.length,
            )}
          </p>
          <details>
            <summary>{text.why.effects}</summary>
            <Effects model={model} effects={fix.sideEffects} />
          </details>
          <Button kind="main" aria-label={`${apply ?? text.why.apply}: ${fix.sentence}`} onClick={() => doApply(fix)}>
            {apply ?? text.why.apply}
          </Button>
        </li>
      ))}
    </ol>
  );
}

/** The assignments of a fix, with their place in the product. */
function Steps({ model, steps }: { model: Model; steps: readonly FixStep[] }) {
  return (
    <ul>
      {steps.map((step) => {
        if (step.kind === "role") {
          const excess = Object.keys(step.excess).map(model.label).join(", ");
          return (
            <li key={step.id} class="fix-note">
              <Badge>{text.why.role}</Badge> {model.label(step.id)}
              {excess && ` · ${text.why.excess} ${excess}`}
            </li>
          );
        }
        const fact = model.facts.get(step.id);
        const place = fact ? (fact.where ?? "") : (model.privileges.get(step.id)?.group ?? "");
        return (
          <li key={step.id} class="fix-note">
            {fact && <Badge tone="fact">{isShared(fact) ? text.why.system : text.why.circumstance}</Badge>}
            {!fact && <Badge>{text.why.privilege}</Badge>}{" "}
            {[...(place ? [place] : []), text.assign(model.label(step.id), formatValue(model, step.id, step.to))].join(
              " › ",
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** All effects of a change, grouped by kind. */
export function Effects({ model, effects }: { model: Model; effects: Preview }) {
  const owed = effects.obligations.added.map(
    ({ operation, obligation }) => `${model.label(operation)}: ${obligationLabel(model, operation, obligation)}`,
  );
  const lists: [string, readonly string[]][] = [
    [text.why.appear, effects.menu.shown.map(model.label)],
    [text.why.disappear, effects.menu.hidden.map(model.label)],
    [text.why.gains, effects.gained.map(model.label)],
    [text.why.loses, effects.lost.map(model.label)],
    [text.why.owes, owed],
    [text.why.dormant, effects.dormant.added.map(({ sentence }) => sentence)],
    [text.why.wakes, effects.dormant.removed.map(({ privilege }) => model.label(privilege))],
  ];
  return (
    <dl class="effects">
      {lists
        .filter(([, list]) => list.length > 0)
        .map(([title, list]) => [<dt key={title}>{title}</dt>, <dd key={`${title}.`}>{list.join(", ")}</dd>])}
    </dl>
  );
}

export const obligationLabel = (model: Model, operation: string, obligation: string) =>
  model.operations.get(operation)?.obligations.find(({ id }) => id === obligation)?.label ?? obligation;

/** Other sufficient changes, preview only. */
export function NearMisses({ misses, fixes }: { misses: readonly { readonly change: Change }[]; fixes: FixResult }) {
  const { model, peek } = useApp();
  const known = new Set(fixes.fixes.map((fix) => JSON.stringify(fix.change)));
  const others = misses.filter(({ change }) => !known.has(JSON.stringify(change)));
  if (others.length === 0) return null;
  return (
    <section>
      <h3>{text.why.near}</h3>
      <ul class="near">
        {others.map(({ change }, index) => (
          <li key={index} onMouseEnter={() => peek(change)} onMouseLeave={() => peek(undefined)}>
            {formatChange(model, change).join(" · ")}
          </li>
        ))}
      </ul>
    </section>
  );
}
