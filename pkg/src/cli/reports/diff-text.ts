// A difference of two versions as text.
import type { DiffOutput, Moves } from "../outputs.js";
import { printable, type Colours } from "../terminal.js";

/** The lists of moves with their words, in the order of reports. */
export const LISTS = [
  ["gained", "+", "may now"],
  ["lost", "-", "may no longer"],
  ["mayGain", "+", "may now, depending on facts,"],
  ["mayLose", "-", "may no longer, depending on facts,"],
  ["shown", "+", "now sees"],
  ["hidden", "-", "no longer sees"],
  ["owed", "+", "now owes"],
  ["notOwed", "-", "no longer owes"],
] as const;

/** Whether two versions differ in nothing that is reported. */
export function isEqual({ difference, staleTokens, roles, people }: DiffOutput): boolean {
  const { changed, added, removed, renamed, unanswered = [] } = difference;
  return (
    !staleTokens &&
    changed.length +
      added.length +
      removed.length +
      Object.keys(renamed).length +
      unanswered.length +
      roles.length +
      people.length ===
      0
  );
}

/** The declarations that changed, in a line each. */
export function changeLines({ difference, staleTokens }: DiffOutput): string[] {
  const { changed, added, removed, renamed, unanswered = [] } = difference;
  return [
    ...added.map((id) => `+ ${id}`),
    ...removed.map((id) => `- ${id}`),
    ...Object.entries(renamed).map(([old, id]) => `~ ${old} is now ${id}`),
    ...changed.map(({ id, kind, obligation, level, before, after, witness, owed }) => {
      const place = [id, level, obligation].filter((part) => part !== undefined).join("/");
      const subject = witness ? `, for example for ${JSON.stringify(witness)}` : "";
      const what =
        owed === undefined ? `${before || "nothing"} → ${after || "nothing"}` : owed ? "now owed" : "no longer owed";
      return `~ ${kind} of ${place}: ${what}${subject}`.replace("operation of ", "decision on ");
    }),
    ...unanswered.map((id) => `? ${id}: the comparison met its limit; it may have changed`),
    ...(staleTokens ? ["! issued tokens are stale: the later version refuses them, so sessions are made again"] : []),
  ].map(printable);
}

/** `person Mia`, but not `person person 3`, which is what somebody without a name is called. */
const headingOf = (kind: string, name: string) =>
  kind === "person" && /^person \d+$/.test(name) ? name : `${kind} ${name}`;

/** The report. */
export function diffText(output: DiffOutput, colours: Colours): string {
  if (isEqual(output)) return "the versions are equal in meaning";
  const paint = (line: string) =>
    line.trimStart().startsWith("+")
      ? colours.green(line)
      : line.trimStart().startsWith("-")
        ? colours.red(line)
        : line;
  const moves = (kind: string, all: readonly Moves[]) =>
    all.flatMap((one) => [
      colours.bold(headingOf(kind, printable(one.name))),
      ...LISTS.flatMap(([list, sign, words]) => one[list].map((id) => paint(`  ${sign} ${words} ${printable(id)}`))),
    ]);
  const errors = output.errors.map(({ name, message }) => `${printable(name)} is left out: ${printable(message)}`);
  return [
    ...changeLines(output).map(paint),
    ...moves("role", output.roles),
    ...moves("person", output.people),
    ...errors,
  ].join("\n");
}
