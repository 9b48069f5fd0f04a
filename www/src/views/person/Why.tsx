import { Choice } from "../../parts/Choice.js";
import { Pane } from "../../parts/Panes.js";
import { AnswerTitle } from "../../parts/titles.js";
import { Button, Empty, Loading, Tag, Verdict } from "../../parts/ui.js";
import { useApp } from "../../state/app.js";
import type { OperationInfo } from "../../state/model.js";
import { useStudio } from "../../state/tools.js";
import { menuItems } from "../../state/workspace.js";
import { text } from "../../text/index.js";
import { Answer } from "./Answer.js";
import { useFixes } from "./answers.js";
import { useAsked } from "./asked.js";
import { obligationLabel } from "./Fixes.js";
import { Parts, sentence } from "./Sentence.js";

/** Explains the state of a menu item or operation, and offers the smallest changes. */
export function Why() {
  const { session, person } = useApp();
  const asked = useAsked();
  const { explanation, error, retry } = useFixes();
  const { studio } = useStudio();
  const { operation, operations } = asked;
  if (!operation && !asked.item)
    return (
      <Pane place={3} label={text.panes.why} id="pane-why">
        <NothingAsked />
      </Pane>
    );
  const decision = operation ? session.decide(operation.id).decision : "denied";
  const title = operation
    ? { allowed: text.why.can, denied: text.why.cannot, undecided: text.why.undecided }[decision](
        person.name,
        operation.label,
      )
    : text.why.hidden(person.name, asked.title);
  return (
    <Pane place={3} label={text.panes.why} id="pane-why">
      <div class="pad stack">
        <AnswerTitle>{title}</AnswerTitle>
        {operations.length > 1 && operation && <OperationChoice />}
        {operation && <Decision operation={operation} />}
        {operation && (studio && explanation ? <Answer studio={studio} /> : <Loading error={error} retry={retry} />)}
      </div>
    </Pane>
  );
}

function OperationChoice() {
  const { session, ask } = useApp();
  const { operations, operation } = useAsked();
  return (
    <Choice
      label={text.why.operation}
      kind="full"
      value={operation?.id ?? ""}
      items={operations.map(({ id, label }) => ({ id, label, count: text.why.decision[session.decide(id).decision] }))}
      onChange={(op) => ask({ op })}
    />
  );
}

function NothingAsked() {
  const { session, person, ask } = useApp();
  const missing = menuItems(session)
    .filter(({ state }) => state === "hidden")
    .slice(0, 12);
  return (
    <div class="pad stack">
      <AnswerTitle>{text.why.empty}</AnswerTitle>
      <p class="dim">{text.why.emptyHelp}</p>
      {missing.length > 0 && (
        <Empty title={text.why.missing(person.name)}>
          <div class="flex wrap">
            {missing.map(({ id, label }) => (
              <Button key={id} kind="sm" icon="hidden" onClick={() => ask({ item: id, op: "", pane: "why" })}>
                {label}
              </Button>
            ))}
          </div>
        </Empty>
      )}
    </div>
  );
}

const tones = { allowed: "ok", denied: "no", undecided: "hm" } as const;
/** The decision and its reasons in a sentence: by the core alone, so that it is there before the studio. */
function Decision({ operation }: { operation: OperationInfo }) {
  const { model, session, person } = useApp();
  const { decision, obligations } = session.decide(operation.id);
  return (
    <>
      <div data-sentence={decision}>
        <Verdict tone={tones[decision]} note={operation.note}>
          <Parts parts={sentence(model, person, session, operation)} />
        </Verdict>
      </div>
      {obligations.length > 0 && (
        <p>
          {text.why.owed}:{" "}
          {obligations.map((id) => (
            <Tag key={id} tone="warn">
              {obligationLabel(model, operation.id, id)}
            </Tag>
          ))}
        </p>
      )}
    </>
  );
}
