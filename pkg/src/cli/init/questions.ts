// The questions of `privet init`, asked at a terminal by `@clack/prompts`.
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { confirm, intro, isCancel, outro, select, text } from "@clack/prompts";
import { Fault } from "../faults.js";

/** What `init` needs to know, as options give it or as it was asked. */
export interface Answers {
  readonly source: string | undefined;
  readonly from: string;
  readonly id: string;
  readonly title: string;
  readonly out: string;
  readonly force: boolean;
}

/** What is known before, and how the rest follows from it. */
export interface Known {
  readonly source: string | undefined;
  readonly from: string;
  readonly id: string | undefined;
  readonly title: string | undefined;
  readonly out: string | undefined;
  readonly force: boolean;
  /** The id that a source suggests. */
  readonly idOf: (source: string | undefined) => string;
  readonly titleOf: (id: string) => string;
  /** What is wrong with an id. */
  readonly faultOf: (id: string) => string | undefined;
  readonly fileOf: (id: string) => string;
}

const SOURCES = [
  { value: "nothing", label: "An example to edit" },
  { value: "table", label: "A table of roles and permissions", hint: "XLSX, CSV or TSV" },
  { value: "casl", label: "Rules of CASL", hint: "JSON" },
  { value: "accesscontrol", label: "Grants of accesscontrol", hint: "JSON" },
  { value: "openapi", label: "An OpenAPI document", hint: "JSON or YAML" },
];

/** Where questions are written: not to standard output, which has the result. */
const terminal = { input: process.stdin, output: process.stderr };

/**
 * Asks for what is not known.
 *
 * @throws Fault if the person ends the questions.
 */
export async function ask(known: Known): Promise<Answers> {
  intro("A new policy", terminal);
  let { source, from } = known;
  if (source === undefined) {
    const begin = answered(await select({ ...terminal, message: "What does it begin with?", options: SOURCES }));
    if (begin !== "nothing") {
      from = begin;
      const validate = (path = "") =>
        existsSync(path) && statSync(path).isFile() ? undefined : "There is no such file.";
      source = answered(await text({ ...terminal, message: "The path of the file", validate }));
    }
  }
  const orDefault = async (message: string, initialValue: string, validate?: (value: string) => string | undefined) => {
    const check = (value = "") => (value === "" ? "Give a text." : validate?.(value));
    return answered(await text({ ...terminal, message, initialValue, validate: check }));
  };
  const id = known.id ?? (await orDefault("The id of the policy", known.idOf(source), known.faultOf));
  const title = known.title ?? (await orDefault("Its title, for people", known.titleOf(id)));
  const out = known.out ?? (await orDefault("The folder for the document", "."));
  const file = join(out, known.fileOf(id));
  let { force } = known;
  if (!force && existsSync(file)) {
    force = answered(
      await confirm({ ...terminal, message: `${file} exists already. Replace it?`, initialValue: false }),
    );
    if (!force) throw new Fault("nothing was written, since the document exists already; give another id", "exists");
  }
  outro("Thank you.", terminal);
  return { source, from, id, title, out, force };
}

/** The answer; a fault if the question was cancelled. */
function answered<T>(answer: T): Exclude<T, symbol> {
  if (isCancel(answer)) throw new Fault("the questions were ended; nothing was written", "cancelled");
  return answer as Exclude<T, symbol>;
}
