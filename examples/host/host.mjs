// A host of `host.wasm` in plain JavaScript, without the npm package: what docs/host.md says, in one file. An instance serves one
// thread; a program with several threads has an instance for each.

/** An error of a call, with its stable code and the id that it is about. */
export class HostError extends Error {
  constructor({ code, id, message }) {
    super(message);
    this.code = code;
    this.id = id;
  }
}

const [encode, decode] = [new TextEncoder(), new TextDecoder()];

/** An instance of the module, with one method for each export: texts and bytes go in, numbers or bytes come out. */
export class Host {
  #exports;

  /** @param module a WebAssembly.Module of host.wasm, or of what `privet embed` wrote */
  constructor(module) {
    this.#exports = new WebAssembly.Instance(module).exports;
  }

  /** Writes the bytes of a call into the room, calls, and throws its error. `numbers` are the arguments before the length. */
  call(name, numbers, ...texts) {
    const parts = texts.map((text) => (typeof text === "string" ? encode.encode(text) : text));
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    if (length > 0) {
      let at = this.#exports.room(length);
      if (at === 0) throw new HostError({ code: "invalid-call", id: "", message: "no room for the bytes of the call" });
      for (const part of parts) {
        this.memory.set(part, at >>> 0);
        at += part.length;
      }
    }
    const takesText = this.#exports[name].length > numbers.length;
    const result = this.#exports[name](...numbers, ...(takesText ? [length] : []));
    if (result < 0) throw new HostError(JSON.parse(decode.decode(this.#answer(-result))));
    return result;
  }

  /** The bytes of the memory. */
  get memory() {
    return new Uint8Array(this.#exports.memory.buffer);
  }

  #answer(length) {
    return this.memory.slice(this.#exports.answer() >>> 0, (this.#exports.answer() >>> 0) + length);
  }

  /** A call whose result is the length of an answer. */
  bytes(name, numbers, ...texts) {
    return this.#answer(this.call(name, numbers, ...texts));
  }

  text(name, numbers, ...texts) {
    return decode.decode(this.bytes(name, numbers, ...texts));
  }

  json(name, numbers, ...texts) {
    return JSON.parse(this.text(name, numbers, ...texts));
  }

  /** Opens a pack; without one, the pack that is embedded in the module. */
  open(pack = new Uint8Array()) {
    return new Policy(this, this.call("open", [], pack));
  }
}

/** An open policy. */
export class Policy {
  constructor(host, handle) {
    this.host = host;
    this.handle = handle;
    Object.assign(this, host.json("describe", [handle]));
  }

  /** Evaluates a subject; `now` in seconds since 1970 is for grants and roles that end. */
  session(subject, { now } = {}) {
    this.host.call("now", [now ?? NaN]);
    return new Session(this, this.host.call("session", [this.handle], JSON.stringify(subject)));
  }

  /** Evaluates the subject of a token with its current facts. */
  restore(token, facts = {}) {
    const bytes = encode.encode(token);
    return new Session(this, this.host.call("restore", [this.handle, bytes.length], bytes, JSON.stringify(facts)));
  }

  /** The decisions of many subjects: a set of the operations that are allowed for each, or `undefined` if it is refused. */
  population(subjects, { now } = {}) {
    this.host.call("now", [now ?? NaN]);
    const planes = this.host.bytes("population", [this.handle], JSON.stringify(subjects));
    const stride = Math.ceil(subjects.length / 8);
    const bit = (plane, row) => (planes[plane * stride + (row >> 3)] >> (row & 7)) & 1;
    return subjects.map((_, row) =>
      bit(this.operations.length, row)
        ? undefined
        : new Set(this.operations.filter((_, operation) => bit(operation, row))),
    );
  }

  close() {
    this.host.call("close", [this.handle]);
  }
}

/** A subject evaluated against a policy. Close it, or its memory stays until the policy is closed. */
export class Session {
  constructor(policy, handle) {
    this.policy = policy;
    this.handle = handle;
    const until = policy.host.call("valid_until", [handle]);
    this.validUntil = until === Infinity ? undefined : until;
  }

  #ask(how, name, ...texts) {
    return this.policy.host[how](name, [this.handle], ...texts);
  }

  can = (operation) => this.#ask("call", "can", operation) === 1;
  decide = (operation) => this.#ask("json", "decide", operation);
  allowed = () => this.#ask("json", "allowed");
  menu = () => this.#ask("json", "menu");
  menuItem = (id) => this.#ask("json", "menu_item", id);
  holds = (privilege) => this.#ask("json", "holds", privilege);
  token = () => this.#ask("text", "token");
  subject = () => this.#ask("json", "subject");
  inputs = (operation) => this.#ask("json", "inputs", operation);
  snapshot = () => this.#ask("text", "snapshot");
  with = (change) => new Session(this.policy, this.#ask("call", "with", JSON.stringify(change)));
  close = () => this.#ask("call", "close");
}
