import type { Subject } from "privet";
import type { Review as Answer, Studio } from "privet/studio";
import { useMemo, useState } from "preact/hooks";
import { Badge, Empty, Glyph, Loading, PersonSelect, Segmented, Select } from "../parts/ui.js";
import { useApp } from "../state/app.js";
import { isShared } from "../state/model.js";
import { useStudio } from "../state/tools.js";
import { between, formatChange } from "../state/format.js";
import { text } from "../text.js";
import { GrantControl } from "./preview/Control.js";
import { WhyTree } from "./preview/WhyTree.js";

/** Lists who may make a change, and which rules forbid it to the others. */
export function Review() {
  const { state, model, person, go, change } = useApp();
  const { studio, error } = useStudio();
  const [picked, setPicked] = useState("");
  const before: Subject =
    state.kind === "create" ? {} : ((state.kind === "delete" ? person : state.saved[state.who])?.subject ?? {});
  const after: Subject = state.kind === "delete" ? {} : person.subject;
  const { facts = {}, ...rest } = between(
    state.kind === "change" ? before : {},
    state.kind === "delete" ? before : after,
  );
  // Creating or deleting a person does not change the installation's facts
  const own = Object.fromEntries(
    Object.entries(facts).filter(([id]) => state.kind === "change" || !isShared(model.facts.get(id))),
  );
  const words = formatChange(model, { ...rest, facts: own });
  const privilege = model.privileges.get(picked);
  const granted = privilege && model.session(person.subject).holds(privilege.id).granted;
  const kinds = (["change", "create", "delete"] as const).map((id) => ({ id, label: text.review.kinds[id] }));
  return (
    <div class="split">
      <section class="panel" aria-label={text.review.change}>
        <div class="panel-head">
          <h2>{text.review.title}</h2>
        </div>
        <div class="fields">
          <PersonSelect
            label={text.review.target}
            row={state.who}
            names={state.people.map(({ name }) => name)}
            onChange={(who) => go({ who })}
          />
          <Segmented label={text.review.kind} options={kinds} value={state.kind} onChange={(kind) => go({ kind })} />
        </div>
        <h3 class="spaced">{text.review.change}</h3>
        {words.length === 0 ? (
          <p class="dim">{text.review.none(person.name)}</p>
        ) : (
          <ul class="near" data-change>
            {words.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        )}
        {state.kind === "change" && (
          <div class="fields spaced">
            <Select
              label={text.review.add}
              visible
              options={[
                { id: "", label: text.review.choose },
                ...model.described.privileges.map(({ id, label }) => ({ id, label })),
              ]}
              value={picked}
              onChange={setPicked}
            />
            {privilege && (
              <div class="row" data-privilege={picked}>
                <span class="row-label">{privilege.label}</span>
                <GrantControl
                  privilege={privilege}
                  value={granted === "undecided" ? undefined : granted}
                  locked={false}
                  onChange={(value) => change(state.who, { set: { [picked]: value } })}
                />
              </div>
            )}
          </div>
        )}
      </section>
      <section class="panel" aria-label={text.review.who}>
        {model.described.changeRules.length === 0 && <p class="dim">{text.review.norules}</p>}
        {words.length === 0 ? (
          <Empty title={text.review.waiting} />
        ) : studio ? (
          <Verdicts studio={studio} before={before} after={after} />
        ) : (
          <Loading error={error} />
        )}
      </section>
    </div>
  );
}

function Verdicts({ studio, before, after }: { studio: Studio; before: Subject; after: Subject }) {
  const { state, model } = useApp();
  const answers = useMemo(() => {
    const kind = state.kind === "change" ? {} : { kind: state.kind };
    // Evaluate actors at the save point, so that a change does not authorise itself
    return state.people.map((it, row) =>
      studio.review(model.policy, { actor: model.session((state.saved[row] ?? it).subject), before, after, ...kind }),
    );
  }, [studio, model, before, after, state.people, state.saved, state.kind]);
  const may = answers.filter(({ allowed }) => allowed === "yes").length;
  return (
    <>
      <div class="panel-head" role="status">
        <h2>{text.review.result(may, answers.length)}</h2>
      </div>
      <ul class="steps">
        {answers.map((answer, row) => (
          <Verdict key={row} name={state.people[row]?.name ?? ""} answer={answer} />
        ))}
      </ul>
    </>
  );
}

function Verdict({ name, answer }: { name: string; answer: Answer }) {
  return (
    <li class="step" data-actor={name} data-allowed={answer.allowed}>
      <div class="step-head">
        <h3>{name}</h3>
        <span class="step-state">
          <Glyph mark={answer.allowed} /> {text.review[answer.allowed]}
        </span>
      </div>
      {answer.broken.map(({ rule, explanation }) => (
        <div key={rule} class="broken">
          <p>
            {explanation.sentence} <Badge tone="loss">{rule}</Badge>
          </p>
          <details>
            <summary>{text.review.whole}</summary>
            <WhyTree tree={explanation.tree} />
          </details>
        </div>
      ))}
    </li>
  );
}
