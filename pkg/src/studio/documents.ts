// The texts of documents and of the files that they include, and the positions in them that diagnostics have.
import { InvalidOptionsError } from "../core/errors.js";
import { PolicyError } from "./errors.js";
import type { Diagnostic, DocumentOptions } from "./types.js";
import { MOST_TEXT } from "./wire.js";

const encoder = new TextEncoder();

/** The files that a document includes, by name. */
type Files = NonNullable<DocumentOptions["files"]>;

/**
 * @throws InvalidOptionsError
 */
export function filesOf(options: DocumentOptions): Files {
  const { files = {}, ...others } = options;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    throw new InvalidOptionsError("invalid-options", `unknown option \`${unknown}\`; \`files\` can be given`, unknown);
  const isText = (text: unknown) => typeof text === "string" || (typeof text === "object" && text !== null);
  if (typeof files !== "object" || !Object.values(files).every(isText)) {
    const help = "pass an object of texts or objects by name";
    throw new InvalidOptionsError("invalid-options", `\`files\` is not an object of files; ${help}`, "files");
  }
  return files;
}

/** The error for a document that does not compile: it has the diagnostics of the engine, or of {@link textsOf}. */
export function policyError(thrown: unknown, document: string | object, files: Files): PolicyError {
  if (thrown instanceof PolicyError) return thrown;
  const { message, diagnostics } = thrown as { message: string; diagnostics?: Diagnostic[] };
  if (diagnostics) return new PolicyError(message, located(diagnostics, document, files));
  throw thrown;
}

/**
 * The text of a document in UTF-8, of which the engine reads 16 MiB, whether diagnostics may have positions in a text, and the names and texts of its files.
 *
 * @throws PolicyError
 */
export function textsOf(
  document: string | object,
  files: Files,
): [text: Uint8Array, spans: boolean, names: string[], texts: string[]] {
  const sources = [document, ...Object.values(files)];
  const [text = "", ...texts] = sources.map(textOf);
  const names = Object.keys(files);
  const letters = [text, ...texts, ...names].reduce((sum, { length }) => sum + length, 0);
  if (letters > MOST_TEXT)
    throw documentError("limit-exceeded", `document has ${letters} letters`, `the studio reads at most ${MOST_TEXT}`);
  return [encoder.encode(text), sources.some((source) => typeof source === "string"), names, texts];
}

/** @throws PolicyError for an object that cannot be written as JSON. */
export function textOf(source: string | object): string {
  try {
    return typeof source === "string" ? source : (JSON.stringify(source) ?? "");
  } catch {
    const help = "pass text, or an object without cycles and bigints";
    throw documentError("syntax", "document cannot be written as JSON", help);
  }
}

/** The diagnostics, without positions in what the caller did not write as text. */
export function located(diagnostics: Diagnostic[], document: string | object, files: Files): Diagnostic[] {
  const sources = Object.values(files);
  if ([document, ...sources].every((source) => typeof source === "string")) return diagnostics;
  const place = <T extends Pick<Diagnostic, "file" | "span">>({ span, ...rest }: T) => {
    const source = rest.file === undefined ? document : files[rest.file];
    return (typeof source === "string" && span ? { ...rest, span } : rest) as T;
  };
  return diagnostics.map((found) => {
    const related = found.related?.map(place);
    return { ...place(found), ...(related && { related }) };
  });
}

const documentError = (code: Diagnostic["code"], message: string, help: string) =>
  new PolicyError(message, [{ code, severity: "error", message, help, pointer: "", place: "" }]);
