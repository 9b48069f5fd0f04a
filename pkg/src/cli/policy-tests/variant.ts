// Variants of a document: with operations that observe it, and roles that a fact gives.
import { open, type Policy } from "privet";
import { PolicyError, type Diagnostic, type Studio } from "privet/studio";
import type { Source } from "../documents/source.js";
import { nameOf } from "../files.js";
import { parseJsonc } from "../jsonc.js";

type Entries = Record<string, unknown>[];
type Part = Record<string, unknown> & { operations?: Entries; facts?: Entries; roles?: Entries };

/** The prefix of ids that a variant adds. */
export const PREFIX = "privet-test.";

/** What a variant adds to a document. */
export interface Additions {
  /** Operations: their requirements by id. */
  readonly operations: Readonly<Record<string, string>>;
  /** Roles that are held if and only if a switch fact is on: the facts by role. */
  readonly roleFacts?: Readonly<Record<string, string>>;
}

/** A document as objects, which variants change. */
export class Variants {
  readonly #document: Part;
  readonly #files: Readonly<Record<string, Part>>;

  /**
   * @throws Fault for a document that is not JSON.
   */
  constructor(
    private readonly tools: Studio,
    source: Source,
  ) {
    const read = (text: string, name: string) => parseJsonc(text, nameOf(name)) as Part;
    this.#document = read(source.text, source.path);
    this.#files = Object.fromEntries(Object.entries(source.files).map(([name, text]) => [name, read(text, name)]));
  }

  /** Compiles a variant; the errors, if it has some. */
  open(additions: Additions): { policy: Policy; errors?: never } | { policy?: never; errors: Diagnostic[] } {
    const { operations, roleFacts = {} } = additions;
    const added = Object.entries(operations).map(([id, requires]) => ({ id, label: id, requires }));
    const facts = Object.values(roleFacts).map((id) => ({ id, kind: "switch", label: id }));
    const assumed = (part: Part): Part => ({
      ...part,
      ...(part.roles && {
        roles: part.roles.map((role) => {
          const fact = roleFacts[String(role.id)];
          return fact === undefined ? role : { ...role, when: fact };
        }),
      }),
    });
    const document = assumed(this.#document);
    const files = Object.fromEntries(Object.entries(this.#files).map(([name, part]) => [name, assumed(part)]));
    try {
      const whole = {
        ...document,
        facts: [...(document.facts ?? []), ...facts],
        operations: [...(document.operations ?? []), ...added],
      };
      return { policy: open(this.tools.compile(whole, { files })) };
    } catch (thrown) {
      if (!(thrown instanceof PolicyError)) throw thrown;
      return { errors: thrown.diagnostics.filter(({ severity }) => severity === "error") };
    }
  }
}
