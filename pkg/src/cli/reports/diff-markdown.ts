// A difference of two versions as Markdown, for a comment of a pull request.
import type { DiffOutput, Moves } from "../outputs.js";
import { changeLines, isEqual, LISTS } from "./diff-text.js";
import { code, prose } from "./markdown.js";

/** The most people in a comment, whose length hosts limit. */
const PEOPLE = 100;

/** The comment. */
export function diffMarkdown(output: DiffOutput): string {
  const { before, after, roles, people, errors } = output;
  const title = `### Policy ${code(after.id)}: ${prose(before.version)} → ${prose(after.version)}`;
  if (isEqual(output)) return `${title}\n\nThe versions are equal in meaning.\n`;
  const changes = changeLines(output);
  const rest = people.length - PEOPLE;
  const parts = [
    title,
    ...(roles.length > 0
      ? ["#### What roles gain and lose", tableOf("Role", roles)]
      : ["No role gains or loses anything."]),
    ...(people.length > 0
      ? [`#### What people gain and lose (${people.length})`, tableOf("Person", people.slice(0, PEOPLE))]
      : []),
    ...(rest > 0 ? [`…and ${rest} more people.`] : []),
    ...(errors.length > 0
      ? ["#### Left out", errors.map(({ name, message }) => `- ${prose(name)}: ${prose(message)}`).join("\n")]
      : []),
    ...(changes.length > 0
      ? [
          `<details><summary>Changes of the policy (${changes.length})</summary>\n\n${changes.map((line) => `- ${code(line)}`).join("\n")}\n\n</details>`,
        ]
      : []),
  ];
  return `${parts.join("\n\n")}\n`;
}

function tableOf(title: string, moves: readonly Moves[]): string {
  const cell = (one: Moves, sign: string) =>
    LISTS.flatMap(([list, of, words]) =>
      of === sign && one[list].length > 0 ? [`${words} ${one[list].map(code).join(", ")}`] : [],
    ).join("<br>") || "–";
  const rows = moves.map((one) => `| ${prose(one.name)} | ${cell(one, "+")} | ${cell(one, "-")} |`);
  return [`| ${title} | Gains | Loses |`, "|---|---|---|", ...rows].join("\n");
}
