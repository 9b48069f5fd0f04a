// Fills the texts of errors, which `messages.ts` has.

/** What stands in a text for one of its parts. */
export type Part = string | number;

/** A text with places for parts: `{0}`, `{1}`, … */
export type Message<Parts extends readonly Part[] = []> = string & { readonly parts?: Parts };

/** A text with its parts. */
export const say = <Parts extends readonly Part[]>(message: Message<Parts>, ...parts: Parts): string =>
  message.replace(/{(\d)}/g, (_, place) => String(parts[place]));
