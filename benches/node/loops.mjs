// The measured loops. `makeLoops` and `makeHandleLoop` are closed functions: each engine gets its own copy (see `fresh`).
import { fresh } from "./rounds.mjs";

/** The loops of an engine over all people, by measurement. */
export function loops(name, engine, { group, ids, ordered, pairs }) {
  const states = group.map(engine.start);
  return fresh(makeLoops, name)(
    engine,
    group,
    ids,
    ordered,
    states,
    pairs.map(([person]) => states[person]),
    pairs.map(([, id]) => id),
  );
}

/** A check by handle instead of by id, which only Privet has. */
export function byHandle(session, policy, { group, pairs }) {
  const sessions = group.map(session);
  return fresh(makeHandleLoop, "handles")(
    pairs.map(([person]) => sessions[person]),
    pairs.map(([, id]) => policy.handle(id)),
  );
}

function makeLoops(engine, group, ids, ordered, states, pairStates, pairIds) {
  let allowed = 0; // keeps the JIT from eliminating the calls
  const menu = (state) => {
    for (let index = 0; index < ids.length; index++) if (engine.can(state, ids[index])) allowed++;
  };
  /** As a menu asks: one person, the ids in the document's order. */
  const inOrder = (state) => {
    for (let index = 0; index < ordered.length; index++) if (engine.can(state, ordered[index])) allowed++;
  };
  const each = (work) => (turns) => {
    for (let turn = 0; turn < turns; turn++) work(turn % group.length);
    return allowed;
  };
  return {
    /** One check per iteration: people and ids in shuffled order. */
    check(turns) {
      for (let left = turns; left > 0; left -= pairStates.length) {
        const until = Math.min(left, pairStates.length);
        for (let index = 0; index < until; index++) if (engine.can(pairStates[index], pairIds[index])) allowed++;
      }
      return allowed;
    },
    menu: each((person) => menu(states[person])),
    start: each((person) => menu(engine.start(group[person]))),
    change: each((person) => menu(engine.change(states[person], group[person]))),
    menuInOrder: each((person) => inOrder(states[person])),
    startInOrder: each((person) => inOrder(engine.start(group[person]))),
    changeInOrder: each((person) => inOrder(engine.change(states[person], group[person]))),
    /** A change and all decisions, without reading them one by one. */
    eager:
      engine.eager &&
      each((person) => {
        allowed += engine.eager(states[person], group[person]);
      }),
  };
}

function makeHandleLoop(sessions, handles) {
  let allowed = 0;
  return (turns) => {
    for (let left = turns; left > 0; left -= handles.length) {
      const until = Math.min(left, handles.length);
      for (let index = 0; index < until; index++) if (sessions[index].canHandle(handles[index])) allowed++;
    }
    return allowed;
  };
}
