// Text of a policy within Markdown: no markup of its own, and no end of a table's cell.

/** Text as Markdown. */
export function prose(text: string): string {
  return text
    .replace(/[\s\p{Cc}\p{Cf}]+/gu, " ")
    .trim()
    .replace(/[\\`*_{}[\]<>#|~@$]/g, "\\$&");
}

/** Text as code. A backtick would end it, so it is fenced by more of them. */
export function code(text: string): string {
  const line = text
    .replace(/[\s\p{Cc}\p{Cf}]+/gu, " ")
    .trim()
    .replaceAll("|", "\\|");
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  const space = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${fence}${space}${line}${space}${fence}`;
}
