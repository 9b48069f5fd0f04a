import { useMemo } from "preact/hooks";
import { CopyLink, UndoRedo } from "../../parts/Acts.js";
import { Choice } from "../../parts/Choice.js";
import { Pane, Panes, Top } from "../../parts/Panes.js";
import { Button, LinkButton, Loading, Tag } from "../../parts/ui.js";
import { useApp } from "../../state/app.js";
import { planned } from "../../state/plan.js";
import { useStudio } from "../../state/tools.js";
import { isShared } from "../../state/facts.js";
import type { AccessRequest, Facts } from "../../state/types.js";
import { applied, atSavePoint, between, effects, touchedBy } from "../../state/workspace.js";
import { text } from "../../text/index.js";
import { useImported } from "../import/people.js";
import { fixTitle, openedItems } from "../person/Fixes.js";
import { useFixes } from "../person/answers.js";
import { useAsked } from "../person/asked.js";
import { Message } from "./Message.js";
import { WhoMay } from "./WhoMay.js";
import { ViewTitle, EmptyView, Heading } from "../../parts/titles.js";
import { itemOf } from "../../state/model.js";
import { draftRequest } from "../../state/requests.js";
import { Parts } from "../person/Sentence.js";
import { stepWords } from "../person/step.js";

/** Requests: what to change and in which order, who may do it, and a text with a link to send. */
export function RequestsView() {
  const { workspace, question, ask, model, content, person, update } = useApp();
  const { requests } = workspace;
  const own = useOwnChange();
  const suggested = useSuggested();
  const offered = [suggested, own].filter((it) => it !== undefined);
  const all = [...requests, ...offered];
  const request = all.find(({ id }) => id === question.request) ?? requests.at(-1) ?? offered[0];
  const title = (it: AccessRequest) => {
    const name = content.people.find(({ id }) => id === it.person)?.name ?? person.name;
    return it.operation !== "" && model.operations.has(it.operation)
      ? text.requests.heading(name, model.label(it.operation))
      : fixTitle(model, name, it);
  };
  if (!request)
    return (
      <EmptyView title={text.requests.title} why={text.requests.none} help={text.requests.noneHelp}>
        <Button kind="primary" onClick={() => ask({ view: "person", pane: "why" })}>
          {text.requests.ask}
        </Button>
      </EmptyView>
    );
  const set = (patch: Partial<AccessRequest>) =>
    update(({ requests }) => ({
      requests: requests.map((it) => (it.id === request.id ? { ...it, ...patch } : it)),
    }));
  const remove = () => {
    update(({ requests }) => ({ requests: requests.filter(({ id }) => id !== request.id) }));
    ask({ request: "" });
  };
  return (
    <>
      <Top tabs={text.requests.tabs}>
        <ViewTitle class="cut">{title(request)}</ViewTitle>
        <Tag tone="dash">{text.requests.states[request.state]}</Tag>
        <span class="grow" />
        {all.length > 1 && (
          <Choice
            label={text.requests.title}
            value={request.id}
            items={all.map((it) => ({
              id: it.id,
              label: title(it),
              hint: it.id === "suggested" ? text.requests.suggested : text.requests.states[it.state],
            }))}
            onChange={(id) => ask({ request: id })}
          />
        )}
        <UndoRedo />
        <CopyLink />
      </Top>
      <Request key={request.id} request={request} stored={!offered.includes(request)} onSet={set} onRemove={remove} />
    </>
  );
}

/** The smallest change for what is asked about, as a request that could be sent. */
function useSuggested(): AccessRequest | undefined {
  const { person } = useApp();
  const { fixes } = useFixes();
  const { operation } = useAsked();
  const [fix] = fixes?.fixes ?? [];
  return useMemo(
    () => (fix && operation ? draftRequest("suggested", person.id, operation.id, fix.change) : undefined),
    [fix, operation, person],
  );
}

/** What was changed for the person since the save point, as a request of its own. */
function useOwnChange(): AccessRequest | undefined {
  const { person } = useApp();
  return useMemo(() => {
    const before = atSavePoint(person);
    if (before === person) return undefined;
    return draftRequest("current", person.id, "", between(before.subject, person.subject));
  }, [person]);
}

function Request({
  request,
  stored,
  onSet,
  onRemove,
}: {
  request: AccessRequest;
  stored: boolean;
  onSet: (patch: Partial<AccessRequest>) => void;
  onRemove: () => void;
}) {
  const { model, content, commit, notify, ask } = useApp();
  const { studio, error, retry } = useStudio();
  const target = content.people.find(({ id }) => id === request.person);
  // The change since the save point is reviewed on the person as they were there
  const base = useMemo(
    () =>
      request.id === "current" && target
        ? { ...content, people: content.people.map((it) => (it === target ? atSavePoint(it) : it)) }
        : content,
    [content, request, target],
  );
  const plan = useMemo(
    () => (studio && target ? planned(studio, model, base, request.person, request.change) : undefined),
    [studio, model, base, request.change, target],
  );
  const touched = useMemo(
    () => effects(model, base, plan?.after ?? applied(model, base, request.person, request.change)),
    [base, plan],
  );
  const shared = Object.fromEntries(
    Object.entries(request.change.facts ?? {}).filter(([id]) => isShared(model.facts.get(id))),
  );
  const { effect, people } = useImported(Object.keys(shared).length > 0 ? { facts: shared as Facts } : {});
  if (!target) return <p class="pad">{text.requests.review}</p>;
  const { gain, lose } = touchedBy(touched);
  const importedWords = effect && people > 0 ? text.requests.everybodyImported(effect.gain, effect.lose) : "";
  const own = touched.find(({ person }) => person.id === request.person);
  const others = touched.filter((effect) => effect !== own);
  const apply = () => {
    if (!plan || !commit(plan.after, fixTitle(model, target.name, request))) return;
    if (stored) onSet({ state: "done" });
    notify({ words: text.why.applied(target.name, own?.shown.length ?? 0), tone: "gain", undo: true });
  };
  return (
    <Panes columns="half">
      <Pane place={2} label={text.requests.order}>
        {plan ? (
          <div class="pad stack">
            <h2>{text.requests.order}</h2>
            <ol class="card" data-steps>
              {plan.steps.map((step, index) => (
                <li class="in way" key={step.id} data-step={step.id}>
                  <span class="step">{index + 1}</span>
                  <span>
                    <Parts parts={stepWords(model, step, target.name)} />
                  </span>
                  <span class="full s dim">
                    {[
                      step.place,
                      step.kind === "fact" ? text.requests.everybody(gain, lose) : "",
                      step.kind === "fact" ? importedWords : "",
                      step.waits ? text.requests.refusedUntil(index) : "",
                    ]
                      .filter(Boolean)
                      .join(". ")
                      .replaceAll("..", ".")}
                  </span>
                </li>
              ))}
            </ol>
            <section class="stack t">
              <Heading
                level={3}
                count={request.operation !== "" && text.requests.askedFor(model.label(request.operation))}
              >
                {text.requests.opensFor(target.name)}
              </Heading>
              <ul class="plainlist s">
                {(own ? openedItems(model, own) : []).slice(0, 8).map(({ label, verbs }) => (
                  <li key={label}>
                    <b>{label}</b> {verbs.join(", ")}
                  </li>
                ))}
              </ul>
            </section>
            <Message
              request={request}
              stored={stored}
              plan={plan}
              target={target}
              own={own}
              others={others}
              imported={effect?.touched ?? 0}
              onSet={onSet}
            />
            {stored && (
              <div class="flex wrap">
                {request.state !== "done" && <Button onClick={apply}>{text.requests.apply}</Button>}
                <LinkButton
                  onClick={() =>
                    ask({
                      view: "person",
                      who: target.id,
                      op: request.operation,
                      item: itemOf(model.operations.get(request.operation)),
                    })
                  }
                >
                  {text.matrix.open}
                </LinkButton>
                <span class="grow" />
                <Button kind="quiet danger" onClick={onRemove}>
                  {text.requests.remove}
                </Button>
              </div>
            )}
          </div>
        ) : (
          <Loading error={error} retry={retry} />
        )}
      </Pane>
      <Pane place={3} label={text.requests.whoMay}>
        {plan ? <WhoMay plan={plan} /> : <Loading error={error} retry={retry} />}
      </Pane>
    </Panes>
  );
}
