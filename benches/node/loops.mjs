// What is asked of the engines in a loop. Both functions stand alone: each engine gets its own copy (`fresh`).
import { fresh } from "./rounds.mjs";

/** The loops of an engine over people in two states, before and after a change. */
export function loops(name, engine, { group, ids, pairs }) {
  const states = group.map(engine.start);
  return fresh(made, name)(
    engine,
    group,
    ids,
    states,
    pairs.map(([person]) => states[person]),
    pairs.map(([, id]) => id),
  );
}

/** Asks by handle instead of by id: what only Privet has. */
export function byHandle(session, policy, { group, pairs }) {
  const sessions = group.map(session);
  return fresh(handled, "handles")(
    pairs.map(([person]) => sessions[person]),
    pairs.map(([, id]) => policy.handle(id)),
  );
}

function made(engine, group, ids, states, asked, askedIds) {
  let allowed = 0; // so that no answer can be left out
  const menu = (state) => {
    for (let index = 0; index < ids.length; index++) if (engine.can(state, ids[index])) allowed++;
  };
  const each = (work) => (turns) => {
    for (let turn = 0; turn < turns; turn++) work(turn % group.length);
    return allowed;
  };
  return {
    /** A turn is a check: people and ids in an order that nobody can foresee. */
    check(turns) {
      for (let left = turns; left > 0; left -= asked.length) {
        const until = Math.min(left, asked.length);
        for (let index = 0; index < until; index++) if (engine.can(asked[index], askedIds[index])) allowed++;
      }
      return allowed;
    },
    menu: each((person) => menu(states[person])),
    start: each((person) => menu(engine.start(group[person]))),
    change: each((person) => menu(engine.change(states[person], group[person]))),
    /** A change and every decision, without reading them one by one; an engine that decides when asked decides all. */
    eager: engine.eager && each((person) => void (allowed += engine.eager(states[person], group[person]))),
  };
}

function handled(sessions, handles) {
  let allowed = 0;
  return (turns) => {
    for (let left = turns; left > 0; left -= handles.length) {
      const until = Math.min(left, handles.length);
      for (let index = 0; index < until; index++) if (sessions[index].canHandle(handles[index])) allowed++;
    }
    return allowed;
  };
}
