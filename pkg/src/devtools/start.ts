// The devtools: they see the decisions of all scopes of the page, and may let them decide by another person.
import type { Session } from "../core/interfaces.js";
import type { Schema, Subject } from "../core/types.js";
import { inspection } from "../frameworks/inspect.js";
import type { InspectedScope } from "../frameworks/inspect.js";
import { explain } from "./explain.js";
import { createOverlay } from "./overlay.js";
import { createPanel } from "./panel.js";
import { createRecorder } from "./record.js";
import { STYLE } from "./style.js";

/** Options of `devtools`. */
export interface DevtoolsOptions {
  /** People to try, by their names. Facts that they do not have are those of the application's session. */
  readonly people?: Readonly<Record<string, Subject>> | undefined;
}

/** The session of another person, with the facts that are known. */
function sessionOf({ roles, grants, facts }: Subject, real: Session<Schema>): Session<Schema> {
  const subject = { ...(roles && { roles }), ...(grants && { grants }), facts: { ...real.subject().facts, ...facts } };
  return real.policy.session(subject as Subject<Schema>);
}

/** Starts the devtools; returns how to stop them. Only one copy runs in a page. */
export function start({ people = {} }: DevtoolsOptions): () => void {
  const shared = inspection();
  if (shared.inspector) return () => {};
  let tried: { readonly name: string | undefined; readonly subject: Subject } | undefined;
  let sessions = new WeakMap<Session<Schema>, Session<Schema>>();
  const others = new WeakSet<Session<Schema>>();

  const seen = (real: Session<Schema> | undefined): Session<Schema> | undefined => {
    if (!tried || !real || others.has(real)) return real;
    const known = sessions.get(real);
    if (known) return known;
    let other = real; // where the subject does not fit the policy
    try {
      other = sessionOf(tried.subject, real);
      others.add(other);
    } catch {
      // The panel has told what is wrong
    }
    sessions.set(real, other);
    return other;
  };
  const notify = () => {
    for (const scope of [...shared.scopes]) scope.notify();
  };
  const scopeOf = (key: string): InspectedScope | undefined =>
    [...shared.scopes].find(({ decisions }) => decisions.has(key));

  const host = document.createElement("privet-devtools");
  const tree = host.attachShadow({ mode: "open" });
  const style = document.createElement("style");
  style.textContent = STYLE;
  const outlines = document.createElement("div");
  const recorder = createRecorder(() => {
    panel.list(recorder.renders);
    overlay.update();
  });
  const panel = createPanel(people, {
    tryPerson(name, subject) {
      let wrong: string | undefined;
      for (const scope of shared.scopes) {
        const real = scope.session();
        try {
          if (subject && real) sessionOf(subject, real);
        } catch (error) {
          wrong = error instanceof Error ? error.message : String(error);
        }
      }
      tried = subject && { name, subject };
      sessions = new WeakMap();
      notify();
      return wrong;
    },
    subject: () =>
      [...shared.scopes]
        .map((scope) => scope.session())
        .find(Boolean)
        ?.subject() as Subject | undefined,
    outline: (isShown) => overlay.show(isShown),
  });
  const overlay = createOverlay(
    outlines,
    (key) => recorder.last.get(key),
    (decision) => explain(seen(scopeOf(decision.key)?.session()), decision),
  );
  tree.append(style, outlines, panel.element);
  document.documentElement.append(host);

  for (const { decisions } of shared.scopes)
    for (const decision of decisions.values()) recorder.add(decision, undefined);
  shared.inspector = {
    session: seen,
    isTried: (session) => others.has(session),
    decided: (_scope, decision) => recorder.add(decision, tried?.name),
  };
  notify();
  return () => {
    shared.inspector = undefined;
    tried = undefined;
    overlay.stop();
    host.remove();
    notify();
  };
}
