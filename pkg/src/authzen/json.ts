// Reads JSON from requests: bounded, and with one meaning for every reader (RFC 7493).
import { RequestError } from "./request-error.js";

/** The most nested arrays and objects. */
const MOST_DEPTH = 64;

/** Reads a body of at most `most` bytes as UTF-8. Of a longer one no more is read. */
export async function readText(request: Request, most: number): Promise<string> {
  const tooLong = () => new RequestError(413, "oversized-body", `the body has more than ${most} bytes`);
  if (Number(request.headers.get("content-length")) > most) throw tooLong();
  const reader = request.body?.getReader();
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  let length = 0;
  while (reader) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > most) {
      void reader.cancel().catch(() => {});
      throw tooLong();
    }
    text += decode(decoder, value, true);
  }
  return text + decode(decoder, new Uint8Array(), false);
}

function decode(decoder: TextDecoder, bytes: Uint8Array, stream: boolean): string {
  try {
    return decoder.decode(bytes, { stream });
  } catch {
    throw new RequestError(400, "invalid-json", "the body is not UTF-8");
  }
}

/** Parses JSON. A repeated name, half a surrogate pair and deep nesting are refused: another reader could take them otherwise. */
export function parse(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RequestError(400, "invalid-json", text.trim() ? "the body is not JSON" : "the body is empty");
  }
  checkNames(text);
  return value;
}

/** Checks the names and the nesting of valid JSON. O(length). */
function checkNames(text: string): void {
  const open: (Set<string> | undefined)[] = []; // of each open object, its names
  for (const [token, string] of text.matchAll(/("[^"\\]*(?:\\.[^"\\]*)*")(?:\s*:)?|[{}[\]]/g)) {
    if (string !== undefined) {
      const read = string.includes("\\") ? (JSON.parse(string) as string) : string.slice(1, -1);
      if (/\p{Surrogate}/u.test(read))
        throw new RequestError(400, "invalid-json", "a string has half a surrogate pair");
      if (token === string) continue;
      const names = open.at(-1)!;
      if (names.has(read)) throw new RequestError(400, "invalid-json", "an object has a name twice");
      names.add(read);
    } else if (token === "{" || token === "[") {
      if (open.push(token === "{" ? new Set() : undefined) > MOST_DEPTH)
        throw new RequestError(400, "invalid-json", `the body is nested more than ${MOST_DEPTH} times`);
    } else open.pop();
  }
}

/** Equal text for equal values, whatever the order of names. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical((value as { [name: string]: unknown })[name])}`).join()}}`;
}
