// Policies, subjects and people, opened for the commands.
import { open, PrivetError, type Policy, type Session, type Subject } from "privet";
import { PolicyError, studio, type Diagnostic, type PolicyDescription, type Studio } from "privet/studio";
import { Fault, oneLine } from "../faults.js";
import { nameOf } from "../files.js";
import { isObject, readJson } from "../jsonc.js";
import { readSource, type PackSource, type Source } from "./source.js";

/** A document that does not compile, with its diagnostics, which are findings, not wrong usage. */
export class Uncompiled extends Error {
  constructor(
    readonly source: Source,
    readonly diagnostics: readonly Diagnostic[],
  ) {
    super("the policy does not compile");
  }
}

/** A policy opened for a command. */
export interface Opened {
  readonly tools: Studio;
  readonly policy: Policy;
  readonly source: Source | PackSource;
  readonly pack: Uint8Array;
}

/**
 * Compiles a document, or opens a pack.
 *
 * @throws Uncompiled for a document with errors; Fault for a file that cannot be read.
 */
export async function openPolicy(path: string): Promise<Opened> {
  return openSource(readSource(path));
}

/**
 * Opens a policy for questions that need its document.
 *
 * @throws Fault for a stripped pack, and what {@link openPolicy} throws.
 */
export async function openWithDocument(path: string): Promise<Opened> {
  const opened = await openPolicy(path);
  describe(opened);
  return opened;
}

/** Compiles a document that was read, or opens a pack. */
export async function openSource(source: Source | PackSource): Promise<Opened> {
  const tools = await studio();
  const pack = source.kind === "pack" ? source.bytes : compiled(tools, source);
  return { tools, policy: named(source.path, () => open(pack)), source, pack };
}

/**
 * What the document of a policy says, which a stripped pack does not have.
 *
 * @throws Fault for a stripped pack.
 */
export function describe({ tools, policy, source }: Opened): PolicyDescription {
  return named(source.path, () => {
    try {
      return tools.describe(policy);
    } catch (thrown) {
      if (source.kind !== "pack" || !/ no document /.test((thrown as Error).message)) throw thrown;
      const help = "give the document, or a pack that has it";
      throw new Fault(
        `${nameOf(source.path)} is a pack without its document, as \`build --strip\` writes it; ${help}`,
        "invalid-pack",
      );
    }
  });
}

function compiled(tools: Studio, source: Source): Uint8Array {
  try {
    return tools.compile(source.text, { files: source.files });
  } catch (thrown) {
    if (thrown instanceof PolicyError) throw new Uncompiled(source, thrown.diagnostics);
    throw thrown;
  }
}

/** The time of an option: seconds since 1970 or a date; by default the present. */
export function timeFrom(text: string | undefined): number {
  if (text === undefined) return Math.floor(Date.now() / 1000);
  const time = /^\d+$/.test(text) ? Number(text) : Math.floor(Date.parse(text) / 1000);
  if (Number.isSafeInteger(time) && time >= 0) return time;
  throw new Fault(`\`${text}\` is not a time; give seconds since 1970, or a date such as 2026-01-31T12:00:00Z`);
}

/** The session of a subject that a file or standard input has. */
export function sessionFrom(policy: Policy, path: string, now: string | undefined): Session {
  const subject = readJson(path) as Subject;
  return named(path, () => policy.session(subject, { now: timeFrom(now) }));
}

/**
 * The facts of a file that hold for everybody; none without a file. A fact may be one of some of the policies only.
 *
 * @throws Fault for a fact that none of the policies has, and for a value that it cannot have.
 */
export function factsFrom(path: string | undefined, ...policies: readonly Policy[]): Subject["facts"] & object {
  if (path === undefined) return {};
  const facts = readJson(path);
  if (!isObject(facts)) throw new Fault(`${nameOf(path)} has no facts; give an object of values by the ids of facts`);
  for (const [id, value] of Object.entries(facts)) {
    const known = policies.filter((policy) => policy.facts.includes(id));
    for (const policy of known.length > 0 ? known : policies.slice(-1))
      named(path, () => policy.session({ facts: { [id]: value } } as Subject, { now: 0 }));
  }
  return facts as Subject["facts"] & object;
}

/** Does something with what a file has; the message of an error names the file. */
function named<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (thrown) {
    if (!(thrown instanceof PrivetError)) throw thrown;
    throw new Fault(`${nameOf(path)}: ${oneLine(thrown.message)}`, thrown.code);
  }
}

/** A subject with facts that hold for everybody, where it does not give its own. A value that is not a subject is left as it is: the policy refuses it. */
export function withFacts(subject: Subject, facts: Subject["facts"] & object): Subject {
  if (typeof subject !== "object" || subject === null || Array.isArray(subject)) return subject;
  return { ...subject, facts: { ...facts, ...subject.facts } };
}

/** A person of a file of people. */
export interface Person {
  readonly name: string;
  readonly subject: Subject;
}

/** A person of a file that has a line for each, with a text that is the same for people who are decided alike; or why it is none. */
export type Line = {
  /** The number of the line, from 1. */
  readonly line: number;
} & ((Person & { readonly key: string }) | { readonly name: string; readonly fault: string });

/** A person of a list, by the place in it. */
export function personOf(row: unknown, place: number): Person {
  if (!isObject(row)) return { name: `person ${place}`, subject: row as Subject };
  const { name, id, ...subject } = row;
  const named = [name, id].find((one) => (typeof one === "string" && one.trim() !== "") || typeof one === "number");
  return { name: String(named ?? `person ${place}`), subject: subject as Subject };
}
