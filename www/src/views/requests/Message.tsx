import { useEffect, useState } from "preact/hooks";
import { Choice } from "../../parts/Choice.js";
import { copyText } from "../../parts/files.js";
import { Button } from "../../parts/ui.js";
import { useApp } from "../../state/app.js";
import type { Model } from "../../state/model.js";
import type { Plan, PlannedStep } from "../../state/plan.js";
import type { AccessRequest, Person } from "../../state/types.js";
import type { Effect } from "../../state/workspace.js";
import { text } from "../../text/index.js";
import { openedItems } from "../person/Fixes.js";
import { keepRequest } from "../../state/requests.js";
import { plain } from "../person/Sentence.js";
import { stepWords } from "../person/step.js";

/** How many of the others whom a setting touches are named. */
const NAMED = 6;

/** To whom the request goes, and its text: the steps in order, what it opens, whom else it touches, and a link to review it. */
export function Message({
  request,
  stored,
  plan,
  target,
  own,
  others,
  imported,
  onSet,
}: {
  request: AccessRequest;
  stored: boolean;
  plan: Plan;
  target: Person;
  own: Effect | undefined;
  others: readonly Effect[];
  /** How many imported people it touches. */
  imported: number;
  onSet: (patch: Partial<AccessRequest>) => void;
}) {
  const app = useApp();
  const { model, content, share, notify, say } = app;
  const [chosen, setChosen] = useState(request.to);
  const mayStep = (person: Person) =>
    plan.steps.flatMap(({ actors }, index) =>
      actors.some((actor) => actor.person.id === person.id && actor.review.allowed === "yes") ? [index + 1] : [],
    );
  const ranked = [...content.people].sort((a, b) => mayStep(b).length - mayStep(a).length);
  const to = content.people.find(({ id }) => id === chosen) ?? ranked[0];
  const words = (it: Person) => {
    const steps = mayStep(it);
    if (steps.length === 0) return text.requests.toPlain(it.name);
    return steps.length === plan.steps.length ? text.requests.toAll(it.name) : text.requests.toStep(it.name, steps);
  };
  const sending: AccessRequest = { ...request, to: to?.id ?? "" };
  const [link, setLink] = useState("…");
  useEffect(() => {
    let current = true;
    void share(sending).then((found) => current && setLink(found));
    return () => {
      current = false;
    };
  }, [content, request, to?.id]);
  const setting = plan.steps.find(({ kind }) => kind === "fact");
  const message = text.requests.text(
    to?.name ?? "",
    target.name,
    request.operation === ""
      ? plan.steps.map(({ words }) => words).join(", ")
      : text.verb(model.label(request.operation)),
    plan.steps.map((step, index) => `${index + 1}. ${stepLine(model, step, target.name)}`),
    own
      ? openedItems(model, own)
          .map(({ label, verbs }) => (verbs.length > 0 ? `${label} (${verbs.join(", ")})` : label))
          .slice(0, 8)
          .join("; ")
      : "–",
    setting && others.length + imported > 0
      ? text.requests.others(
          model.label(setting.id),
          others.slice(0, NAMED).map(({ person }) => person.name),
          others.length - Math.min(NAMED, others.length),
          imported,
        )
      : "",
    link,
  );
  const keep = (patch: Partial<AccessRequest>) => (stored ? onSet(patch) : keepRequest(app, { ...request, ...patch }));
  const copy = async () => {
    const done = await copyText(message);
    notify({ words: done ? text.requests.copied : text.shell.notCopied, tone: done ? "gain" : "loss" });
    say(done ? text.requests.copied : text.shell.notCopied);
    return done;
  };
  const send = async () => {
    await copy();
    keep({ state: "sent", to: to?.id ?? "" });
    notify({ words: text.requests.sent, tone: "gain" });
  };
  return (
    <section class="stack t">
      <Choice
        label={text.requests.to}
        visible
        kind="full"
        value={to?.id ?? ""}
        items={ranked.map((it) => ({ id: it.id, label: words(it) }))}
        onChange={(id) => {
          setChosen(id);
          if (stored) onSet({ to: id });
        }}
      />
      <span class="label">{text.requests.message}</span>
      <pre class="msgbox" data-message>
        {message.replace(link, link.length > 90 ? `${link.slice(0, 80)}…` : link)}
      </pre>
      <div class="flex wrap acts">
        <Button kind="primary" icon="send" onClick={() => void send()}>
          {text.requests.send}
        </Button>
        <Button icon="copy" onClick={() => void copy()}>
          {text.requests.copyText}
        </Button>
      </div>
    </section>
  );
}

/** A step as a line of plain text. */
function stepLine(model: Model, step: PlannedStep, name: string): string {
  const place = step.place === "" ? "" : `${step.place}: `;
  return `${place}${plain(stepWords(model, step, name))}.`;
}
