// Completion and help of the editor: those of the language server, by the same functions.
import { completionsAt, hoverAt, PolicyIndex } from "privet/language";
import type { Completion, Hover, JsonSchema, Knowledge } from "privet/language";
import schema from "privet/schema.json";
import type { Studio } from "privet/studio";

/** What is known of the document in the editor. */
export class Language {
  readonly #studio: Studio;
  #text: string | undefined;
  #index: PolicyIndex | undefined;
  /** Of the last version that compiled. */
  knowledge: Knowledge | undefined;

  constructor(studio: Studio) {
    this.#studio = studio;
  }

  completions(text: string, offset: number): Completion[] {
    const words = (requirement: string) => this.#studio.words(requirement);
    return completionsAt(
      { kind: "document", text, index: this.#indexOf(text), schema: schema as unknown as JsonSchema, words },
      offset,
    );
  }

  hover(text: string, offset: number): Hover | undefined {
    const { knowledge } = this;
    const index = this.#indexOf(text);
    return hoverAt({ index, text, file: "", schema: schema as unknown as JsonSchema, knowledge }, offset);
  }

  #indexOf(text: string): PolicyIndex {
    if (this.#index === undefined || this.#text !== text) {
      this.#index = new PolicyIndex(this.#studio.index(text), { "": text });
      this.#text = text;
    }
    return this.#index;
  }
}
