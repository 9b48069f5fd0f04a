// The matrix of people in JSON lines or CSV: a line for each person is written while the next are read, so memory does not grow with them.
import { once } from "node:events";
import { createWriteStream, openSync } from "node:fs";
import { finished } from "node:stream/promises";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { PrivetError, type Policy, type Subject } from "privet";
import type { PolicyDescription } from "privet/studio";
import { tell, warn } from "../command.js";
import { peopleOfLines } from "../documents/lines.js";
import { withFacts, type Line } from "../documents/policy.js";
import { Fault, reasonOf } from "../faults.js";
import { noteInput, PendingFile } from "../files.js";
import { csv } from "./csv.js";

/** What is written: the decisions of everybody, or who is allowed one operation. */
export interface MatrixStream {
  readonly format: "csv" | "jsonl";
  readonly whoCan?: string | undefined;
  readonly facts: Subject["facts"] & object;
  readonly now: number;
  /** The folder of the file; by default standard output. */
  readonly out?: string | undefined;
}

/** Text that is written at once. */
const PART = 1 << 16;
/** Warnings that are told one by one. */
const MOST_WARNINGS = 10;
const SECOND = 1000;

/** The counts of a stream. */
export interface Streamed {
  readonly people: number;
  readonly refused: number;
  /** The file that was written. */
  readonly file: string | undefined;
}

/**
 * Decides for the people of a file of JSON lines or CSV. People who are decided alike are decided once, while they are among the last.
 *
 * @throws Fault if a file cannot be read or written; `UnknownIdError` for an operation that the policy lacks.
 */
export async function streamMatrix(
  policy: Policy,
  describe: () => PolicyDescription,
  path: string,
  options: MatrixStream,
): Promise<Streamed> {
  const row = rowsOf(policy, options);
  const file = options.out === undefined ? undefined : join(options.out, `matrix.${options.format}`);
  noteInput(path);
  const sink = new Sink(file);
  const progress = new Progress();
  let refused = 0;
  try {
    await sink.write(row.heading);
    const people = peopleOfLines(path, describe, warn);
    for await (const lines of people) {
      for (const line of lines) {
        const { text, fault } = row.of(line);
        if (fault !== undefined && refused++ < MOST_WARNINGS) warn(`${line.name}: ${fault}`);
        const pause = sink.write(text);
        if (pause) await pause;
        progress.step();
      }
    }
    await sink.end();
  } catch (thrown) {
    await sink.abandon();
    throw thrown;
  }
  progress.end();
  if (refused > MOST_WARNINGS) warn(`${refused - MOST_WARNINGS} more people are refused`);
  return { people: progress.people, refused, file };
}

/** Answers that are kept, since many people are decided alike. */
const MOST_ANSWERS = 4096;

/** The end of the lines of people behind their names, if they have one; or why they are refused. */
type Answer = { readonly rest: string | undefined } | { readonly fault: string };

/** The line of each person, and why one is refused. A refused person is in no answer but that of JSON lines. */
function rowsOf(policy: Policy, { format, whoCan, facts, now }: MatrixStream) {
  const operations = whoCan === undefined ? policy.operations : [whoCan];
  policy.session({}, { now }).can(operations[0] ?? ""); // an operation that is unknown is one before anybody is read
  const decisions = (subject: Subject) => {
    const session = policy.session(withFacts(subject, facts), { now });
    return operations.map((operation) => (session.can(operation) ? "allowed" : session.decide(operation).decision));
  };
  /** The end of an object behind its name. */
  const json = (value: object) => `${JSON.stringify({ name: "", ...value }).slice('{"name":""'.length)}\n`;
  const rest = (all: readonly string[]) => {
    if (whoCan !== undefined && all[0] !== "allowed") return undefined;
    if (format === "csv") return csv([whoCan === undefined ? ["", ...all] : [""]]);
    return json(whoCan === undefined ? byDecision(operations, all) : {});
  };
  const decide = (subject: Subject): Answer => {
    try {
      return { rest: rest(decisions(subject)) };
    } catch (thrown) {
      if (!(thrown instanceof PrivetError)) throw thrown;
      return { fault: thrown.message };
    }
  };
  const answers = new Map<string, Answer>();
  const answer = (line: Line): Answer => {
    if ("fault" in line) return line;
    const known = answers.get(line.key);
    if (known !== undefined) return known;
    if (answers.size === MOST_ANSWERS) answers.clear();
    const decided = decide(line.subject);
    answers.set(line.key, decided);
    return decided;
  };
  const start =
    format === "csv"
      ? (name: string) => csv([[name]]).slice(0, -2)
      : (name: string) => `{"name":${JSON.stringify(name)}`;
  return {
    heading: format === "csv" ? csv([whoCan === undefined ? ["name", ...operations] : ["name"]]) : "",
    of(line: Line): { text: string; fault?: string } {
      const decided = answer(line);
      if ("rest" in decided) return { text: decided.rest === undefined ? "" : start(line.name) + decided.rest };
      const fault = `line ${line.line}: ${decided.fault}`;
      const isListed = format === "jsonl" && whoCan === undefined;
      return { text: isListed ? start(line.name) + json({ error: fault }) : "", fault };
    },
  };
}

/** The operations that are allowed, and those that depend on facts that are not given. */
function byDecision(operations: readonly string[], decisions: readonly string[]) {
  const of = (decision: string) => operations.filter((_, index) => decisions[index] === decision);
  return { allowed: of("allowed"), undecided: of("undecided") };
}

/** Writes text in parts, and waits while the reader is slower. A file gets its name when it is whole. */
class Sink {
  #text = "";
  readonly #stream: Writable;
  readonly #file: PendingFile | undefined;
  #failed: Error | undefined;

  constructor(file: string | undefined) {
    if (file === undefined) {
      this.#stream = process.stdout;
      return;
    }
    const pending = new PendingFile(file, {});
    this.#file = pending;
    this.#stream = createWriteStream(pending.path, { fd: pending.attempt(() => openSync(pending.path, "w")) });
    this.#stream.on("error", (error) => (this.#failed = error));
  }

  /** Adds text. What it returns is to be awaited. */
  write(text: string): Promise<unknown> | undefined {
    this.#text += text;
    return this.#text.length < PART ? undefined : this.#flush();
  }

  async #flush(): Promise<void> {
    const text = this.#text;
    this.#text = "";
    if (this.#failed) throw this.#unwritable(this.#failed);
    if (this.#stream.write(text)) return;
    await once(this.#stream, "drain").catch((error: Error) => {
      this.#failed = error;
      throw this.#unwritable(error);
    });
  }

  #unwritable(thrown: unknown): Fault {
    return (
      this.#file?.failed(thrown) ??
      new Fault(`cannot write standard output: ${reasonOf(thrown)}; write to another place`, "unwritable")
    );
  }

  /** Removes what was written to a file. */
  async abandon(): Promise<void> {
    if (this.#file === undefined) return;
    this.#stream.destroy();
    await finished(this.#stream).catch(() => {}); // it ends early
    this.#file.discard();
  }

  async end(): Promise<void> {
    await this.#flush();
    if (this.#file === undefined) return;
    this.#stream.end();
    await finished(this.#stream).catch((error: Error) => {
      this.#failed = error;
      throw this.#unwritable(error);
    });
    this.#file.commit();
  }
}

/** Counts people, and tells how many after each second, at a terminal. */
class Progress {
  people = 0;
  readonly #start = Date.now();
  #told = this.#start;

  step(): void {
    if ((++this.people & 0x3ff) !== 0) return;
    const now = Date.now();
    if (process.stderr.isTTY && now - this.#told >= SECOND) {
      this.#told = now;
      process.stderr.write(`\r${this.#text(now)}`);
    }
  }

  end(): void {
    if (process.stderr.isTTY && this.#told !== this.#start) process.stderr.write("\r\u001b[K");
    tell(this.#text(Date.now()));
  }

  #text(now: number): string {
    const rate = Math.round((this.people * SECOND) / Math.max(1, now - this.#start));
    const people = `${this.people.toLocaleString("en")} ${this.people === 1 ? "person" : "people"}`;
    return `${people}, ${rate.toLocaleString("en")} a second`;
  }
}
