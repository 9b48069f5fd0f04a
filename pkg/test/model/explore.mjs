// Runs a small world in every order of its events, against the real modules of the package: stateless model checking. The time, the timers and
// WebCrypto belong to the world, so that nothing happens between two events, and the same order always gives the same run.

const real = {
  setTimeout: globalThis.setTimeout,
  clearTimeout: globalThis.clearTimeout,
  setImmediate: globalThis.setImmediate,
  now: performance.now,
};

/** Timers and clocks that move only when the world says so. Timers that are due do not run by themselves: `fire` runs them. */
export class Time {
  now = 0;
  #timers = new Map();
  #next = 1;

  install() {
    this.now = 0;
    this.#timers.clear();
    globalThis.setTimeout = (call, milliseconds = 0) => {
      this.#timers.set(this.#next, { at: this.now + milliseconds, call });
      return this.#next++;
    };
    globalThis.clearTimeout = (timer) => void this.#timers.delete(timer);
    performance.now = () => this.now;
  }

  static restore() {
    globalThis.setTimeout = real.setTimeout;
    globalThis.clearTimeout = real.clearTimeout;
    performance.now = real.now;
  }

  get due() {
    return [...this.#timers.values()].some(({ at }) => at <= this.now);
  }

  get waiting() {
    return this.#timers.size > 0;
  }

  pass(milliseconds) {
    this.now += milliseconds;
  }

  /** The events of an isolate that was stopped for a while: its clock goes on, and its timers run late. */
  stopped() {
    const passes = ["five seconds pass", () => this.pass(5_000)];
    return this.due ? [passes, ["timers run", () => this.fire()]] : [passes];
  }

  /** Runs the timers that are due. */
  fire() {
    for (const [id, { at, call }] of [...this.#timers]) {
      if (at > this.now || !this.#timers.has(id)) continue;
      this.#timers.delete(id);
      call();
    }
  }

  /** Goes to the next timer and runs it: for the end of a run, when everything must be answered. */
  fireNext() {
    this.now = Math.max(this.now, Math.min(...[...this.#timers.values()].map(({ at }) => at)));
    this.fire();
  }
}

/** How many operations of WebCrypto are at work. */
let working = 0;

/**
 * Remembers the results of WebCrypto, which are functions of their arguments: a promise of a known result is settled in the same turn, so that
 * a run does not depend on threads.
 */
export function rememberCrypto() {
  const known = new Map();
  const ids = new WeakMap();
  const bytes = (value) =>
    Buffer.from(value.buffer ?? value, value.byteOffset ?? 0, value.byteLength).toString("latin1");
  const idOf = (value) => {
    if (typeof value !== "object" || value === null) return String(value);
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return bytes(value);
    if (Object.getPrototypeOf(value) === Object.prototype || Array.isArray(value)) return JSON.stringify(value);
    if (!ids.has(value)) ids.set(value, `#${known.size}.${Math.random()}`);
    return ids.get(value);
  };
  for (const method of ["verify", "digest", "importKey"]) {
    const original = crypto.subtle[method].bind(crypto.subtle);
    crypto.subtle[method] = (...given) => {
      const key = [method, ...given.map(idOf)].join("\u0000");
      let result = known.get(key);
      if (!result) {
        working++;
        result = original(...given);
        known.set(key, result);
        const over = () => working--;
        result.then(over, over);
      }
      return result;
    };
  }
}

/** Lets everything run that needs no event. */
export async function settle() {
  do await new Promise(real.setImmediate);
  while (working > 0);
  await new Promise(real.setImmediate);
}

/**
 * Explores all orders of up to `depth` events.
 *
 * @param make makes a new world: `events()` lists what can happen now as `[name, action]`, `check()` throws if an invariant does not hold,
 * `finish()` answers everything that waits and checks the end, `state()` is a text that tells states apart for the figures
 * @param start the names of events that every order begins with
 * @returns how many orders and events were run, and how many states were seen
 */
export async function explore(make, depth, start = []) {
  const time = new Time();
  const states = new Set();
  let orders = 0;
  let steps = 0;
  /** For each step, which event was chosen, and of how many. */
  const chosen = [];
  for (;;) {
    time.install();
    const path = [];
    try {
      const world = await make(time);
      for (const wanted of start) {
        path.push(wanted);
        world
          .events()
          .find(([name]) => name === wanted)[1]();
        await settle();
        world.check();
      }
      for (let step = 0; step < depth; step++) {
        const events = world.events();
        if (events.length === 0) {
          chosen.length = step;
          break;
        }
        chosen[step] ??= { at: 0, of: events.length };
        if (chosen[step].of !== events.length) throw new Error("the world is not deterministic");
        const [name, action] = events[chosen[step].at];
        path.push(name);
        action();
        await settle();
        steps++;
        world.check();
        states.add(world.state());
      }
      path.push("(end)");
      await world.finish();
      world.check();
      orders++;
    } catch (error) {
      Time.restore();
      throw new Error(`in the order ${path.join(", ")}: ${error.message}`, { cause: error });
    }
    // The next order: the last step that has another event goes to it
    while (chosen.length > 0 && chosen.at(-1).at + 1 === chosen.at(-1).of) chosen.pop();
    if (chosen.length === 0) break;
    chosen.at(-1).at++;
  }
  Time.restore();
  return { orders, steps, states: states.size };
}
