// An instance of the studio's module: what goes into it is bounded, and a trap ends it.
import { instantiate } from "../../wasm/studio.js";
import type { StudioEngine } from "../../wasm/studio.js";
import { InvalidOptionsError } from "../core/errors.js";
import { StudioStoppedError } from "./errors.js";
import { MOST_TEXT } from "./wire.js";

/** The most bytes that the lists of words in one call may have. */
const MOST_BYTES = 1 << 28;
/** The most ids in a list. No policy has more operations. */
const MOST_IDS = 1 << 16;

/** An instance of the module. All engines of an instance share its memory, which is in an unknown state after a trap. */
export class Instance {
  readonly #Engine: typeof StudioEngine;
  #trap: unknown;

  constructor(module: WebAssembly.Module) {
    this.#Engine = instantiate(module);
    // The methods are those of this instance's own class
    const methods = this.#Engine.prototype as unknown as { [name: string]: (...args: unknown[]) => unknown };
    for (const name of Object.getOwnPropertyNames(methods)) {
      if (name === "constructor" || name === "free" || name.startsWith("__")) continue;
      const method = methods[name]!;
      const run = <T>(args: readonly unknown[], call: () => T) => this.#run(args, call);
      methods[name] = function (...args) {
        return run(args, () => method.apply(this, args));
      };
    }
  }

  /** Whether it trapped. */
  get hasStopped(): boolean {
    return this.#trap !== undefined;
  }

  /** An engine in this instance. */
  engine(messages: string, labels: string): StudioEngine {
    return this.#run([messages, labels], () => new this.#Engine(messages, labels));
  }

  /** Calls the engine. It throws plain objects and `null`; an `Error` is a trap. */
  #run<T>(args: readonly unknown[], call: () => T): T {
    if (this.hasStopped) throw new StudioStoppedError(this.#trap);
    checkSize(args);
    try {
      return call();
    } catch (thrown) {
      if (Object.prototype.toString.call(thrown) !== "[object Error]") throw thrown; // also of another realm
      this.#trap = thrown;
      throw new StudioStoppedError(thrown);
    }
  }
}

function checkSize(args: readonly unknown[]): void {
  let text = 0;
  let bytes = 0;
  for (const arg of args) {
    if (typeof arg === "string") text += arg.length;
    else if (ArrayBuffer.isView(arg)) bytes += arg.byteLength;
    else if (Array.isArray(arg)) {
      checkCount(arg);
      for (const id of arg) text += String(id).length;
    }
  }
  if (text > MOST_TEXT) throw tooLarge(`texts have more than ${MOST_TEXT} letters`);
  if (bytes > MOST_BYTES) throw tooLarge(`rows have more than ${MOST_BYTES} bytes`);
}

/** @throws InvalidOptionsError for a list of more ids than any policy has, or of as many sessions. */
export function checkCount(list: readonly unknown[]): void {
  if (list.length > MOST_IDS) throw tooLarge(`a list has more than ${MOST_IDS} members`);
}

const tooLarge = (fault: string) => new InvalidOptionsError("invalid-options", `${fault}; pass less`);
