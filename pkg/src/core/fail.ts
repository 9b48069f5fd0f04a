// Throws errors with the texts that `messages.ts` has.
import type { PrivetError } from "./errors.js";
import { say } from "./say.js";
import type { Message, Part } from "./say.js";

/** Throws an error of a class: with its code, the id that it is about, or "" if it is not about a single one, and a text and its parts. */
export function fail<Code extends string, Parts extends readonly Part[]>(
  Class: new (code: Code, message: string, id: string) => PrivetError<Code>,
  code: Code,
  id: string,
  message: Message<Parts>,
  ...parts: Parts
): never {
  throw new Class(code, say(message, ...parts), id);
}
