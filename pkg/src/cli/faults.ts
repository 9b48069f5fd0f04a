// Faults of usage: what the person at the terminal can mend. Anything else that is thrown is a fault of the program.
import { PrivetError } from "privet";

/** The exit status of a run: no findings, findings, wrong usage. */
export const EXIT = { ok: 0, findings: 1, usage: 2 } as const;

/** Wrong usage of the command line. Its message is one line in lower case, with what to do behind the semicolon. */
export class Fault extends Error {
  constructor(
    message: string,
    /** The stable code, for `--json`. */
    readonly code: string = "usage",
  ) {
    super(message);
    this.name = "Fault";
  }
}

/** The fault that an error is for the person at the terminal; `undefined` for an error of the program. */
export function faultOf(thrown: unknown): Fault | undefined {
  if (thrown instanceof Fault) return thrown;
  if (thrown instanceof PrivetError) return new Fault(oneLine(thrown.message), thrown.code);
  return undefined;
}

/** Text in one line, without control characters, which a terminal would obey. */
export function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}\p{Cf}]+/gu, " ").trim();
}

/** What a system call reports, in words. */
export function reasonOf(thrown: unknown): string {
  const { code, message } = thrown as NodeJS.ErrnoException;
  const words: Record<string, string> = {
    ENOENT: "no such file",
    EACCES: "permission denied",
    EPERM: "operation not permitted",
    EISDIR: "it is a folder",
    ENOTDIR: "a part of the path is not a folder",
    EEXIST: "it exists already",
    ELOOP: "too many symbolic links",
    ENAMETOOLONG: "the name is too long",
    EROFS: "the file system is read-only",
    ENOSPC: "no space is left",
  };
  return words[code ?? ""] ?? oneLine(message ?? String(thrown));
}
