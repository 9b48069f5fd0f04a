// The component in Node.js: jco makes an ES module of it, and this file has its policies and sessions with values instead of JSON.
// A service runs `jco transpile` once, when it is built, and imports what that wrote.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

/** Instantiates a component. Returns its interface `policies`. `transpileBytes` is that of `@bytecodealliance/jco-transpile`. */
export async function instantiate(component, transpileBytes) {
  const { files } = await transpileBytes(component, { name: "privet" });
  const folder = mkdtempSync(join(tmpdir(), "privet-component-"));
  try {
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
    return (await import(pathToFileURL(join(folder, "privet.js")).href)).policies;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** An error of a call, with its stable code and the id that it is about. */
export class ComponentError extends Error {
  constructor({ code, id, message }) {
    super(message);
    this.code = code;
    this.id = id;
  }
}

/** What a call returns; its error is thrown as a `ComponentError`. */
function answer(call) {
  try {
    return call();
  } catch (error) {
    throw error.payload ? new ComponentError(error.payload) : error;
  }
}
const json = (call) => JSON.parse(answer(call));

/** An open policy. It stays open while a session of it is. */
export class Policy {
  #policy;

  constructor(policy) {
    this.#policy = policy;
    Object.assign(
      this,
      json(() => policy.describe()),
    );
  }

  /** Opens a pack, or the policy that is in the component. */
  static open(policies, pack) {
    return new Policy(answer(() => policies.Policy.open(pack)));
  }

  session = (subject, { now } = {}) => new Session(answer(() => this.#policy.session(JSON.stringify(subject), now)));
  restore = (token, facts = {}) => new Session(answer(() => this.#policy.restore(token, JSON.stringify(facts))));
  operation = (id) => answer(() => this.#policy.operation(id));

  /** The decisions of many subjects: the operations that are allowed for each, or `undefined` if it is refused. */
  population(subjects, { now } = {}) {
    const planes = answer(() => this.#policy.population(JSON.stringify(subjects), now));
    const stride = Math.ceil(subjects.length / 8);
    const has = (plane, row) => (planes[plane * stride + (row >> 3)] >> (row & 7)) & 1;
    return subjects.map((_, row) =>
      has(this.operations.length, row) ? undefined : this.operations.filter((_, plane) => has(plane, row)),
    );
  }

  close = () => this.#policy[Symbol.dispose ?? Symbol.for("dispose")]();
}

/** A subject evaluated against a policy. */
export class Session {
  #session;

  constructor(session) {
    this.#session = session;
    this.validUntil = session.validUntil();
  }

  can = (operation) => answer(() => this.#session.can(operation));
  decide = (operation) => json(() => this.#session.decide(operation));
  allowed = () => json(() => this.#session.allowed());
  allowedBits = () => answer(() => this.#session.allowedBits());
  menu = () => json(() => this.#session.menu());
  menuItem = (id) => json(() => this.#session.menuItem(id));
  verbs = (id) => this.menuItem(id).verbs;
  holds = (privilege) => json(() => this.#session.holds(privilege));
  token = () => answer(() => this.#session.token());
  subject = () => json(() => this.#session.subject());
  inputs = (operation) => json(() => this.#session.inputs(operation));
  snapshot = () => answer(() => this.#session.snapshot());
  with = (change) => new Session(answer(() => this.#session.change(JSON.stringify(change))));
  close = () => this.#session[Symbol.dispose ?? Symbol.for("dispose")]();
}
