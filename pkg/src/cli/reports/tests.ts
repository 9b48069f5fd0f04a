// Results of policy tests as text, TAP 13 and JUnit.
import type { CaseFailure, CaseResult, Coverage, PropertyResult, TestFileResult } from "../outputs.js";
import { counted, printable, type Colours } from "../terminal.js";

/** What differs, in lines: what was expected, what is, and why. */
export function failureLines({ id, expected, actual, explanation }: CaseFailure): string[] {
  return [
    ...(id === undefined ? [] : [id]),
    `- expected ${printable(expected)}`,
    `+ actual   ${printable(actual)}`,
    ...(explanation === undefined ? [] : [`  ${printable(explanation)}`]),
  ];
}

/** What a property found, in lines. */
export function propertyLines({ message, witness }: PropertyResult): string[] {
  return [printable(message), ...(witness ? [`witness: ${printable(JSON.stringify(witness))}`] : [])];
}

/** The coverage in percent, rounded down so that 100 means all. */
export const percent = ({ total, covered }: Coverage): number =>
  total === 0 ? 100 : Math.floor((covered / total) * 1000) / 10;

/** Results as people read them. `shown` is the number of missing tests to list. */
export function textReport(results: readonly TestFileResult[], colours: Colours, shown: number): string {
  return results.map((result) => textOf(result, colours, shown)).join("\n\n");
}

function textOf({ file, cases, properties, coverage }: TestFileResult, colours: Colours, shown: number): string {
  const mark = (passed: boolean) => (passed ? colours.green("pass") : colours.red("FAIL"));
  const coloured = (line: string) =>
    line.startsWith("- ") ? colours.green(line) : line.startsWith("+ ") ? colours.red(line) : line;
  const failed = cases.filter(({ passed }) => !passed);
  const lines = [
    colours.bold(file),
    ...failed.flatMap(({ name, failures }) => [
      `${mark(false)} ${printable(name)}`,
      ...failures.flatMap(failureLines).map((line) => `  ${coloured(line)}`),
    ]),
    ...properties.flatMap((property) => [
      `${mark(property.verdict === "proved")} ${printable(property.name)}`,
      ...(property.verdict === "proved" ? [] : propertyLines(property).map((line) => `  ${line}`)),
    ]),
    `${cases.length - failed.length} of ${counted(cases.length, "case")} passed, ` +
      `${properties.filter(({ verdict }) => verdict === "proved").length} of ${counted(properties.length, "property").replace("propertys", "properties")} proved`,
    `coverage ${percent(coverage)} %: ${coverage.covered} of ${coverage.total} tests of requirements seen true and false`,
    ...coverage.missing.slice(0, shown).map(missingLine),
  ];
  const more = coverage.missing.length - shown;
  if (more > 0) lines.push(`  and ${more} more; --json lists all, --suggest writes cases for them`);
  return lines.join("\n");
}

function missingLine({ of, test, missing, subject }: Coverage["missing"][number]): string {
  const with_ = subject ? `; ${JSON.stringify(subject)} covers it` : "; no subject was found that covers it";
  return `  ${of}: \`${test}\` is never seen ${missing}${printable(with_)}`;
}

interface Row {
  readonly file: string;
  readonly name: string;
  readonly kind: "case" | "property";
  readonly failure: readonly string[] | undefined;
}

function rowsOf({ file, cases, properties }: TestFileResult): Row[] {
  const ofCase = ({ name, passed, failures }: CaseResult): Row => ({
    file,
    name,
    kind: "case",
    failure: passed ? undefined : failures.flatMap(failureLines),
  });
  const ofProperty = (property: PropertyResult): Row => ({
    file,
    name: property.name,
    kind: "property",
    failure: property.verdict === "proved" ? undefined : propertyLines(property),
  });
  return [...cases.map(ofCase), ...properties.map(ofProperty)];
}

/** TAP 13. */
export function tapReport(results: readonly TestFileResult[]): string {
  const rows = results.flatMap(rowsOf);
  const name = (row: Row) =>
    printable(`${row.file}: ${row.name}`)
      .replace(/\s+/g, " ")
      .replace(/([\\#])/g, "\\$1");
  const lines = rows.flatMap((row, index) => {
    const line = `${row.failure ? "not ok" : "ok"} ${index + 1} - ${name(row)}`;
    const detail = (row.failure ?? []).map((text) => `    ${text}`);
    return row.failure ? [line, "  ---", "  message: |", ...detail, "  ..."] : [line];
  });
  const coverage = results.map(({ file, coverage }) => `# coverage of ${printable(file)}: ${percent(coverage)} %`);
  return ["TAP version 13", `1..${rows.length}`, ...lines, ...coverage].join("\n");
}

/** JUnit, as CI servers read it. */
export function junitReport(results: readonly TestFileResult[]): string {
  const escaped = (text: string) =>
    printable(text)
      .replace(/[\ud800-\udfff\ufffe\uffff]/gu, "\ufffd")
      .replace(/[<>&"'\n]/g, (char) => `&#${char.charCodeAt(0)};`);
  const suites = results.map((result) => {
    const rows = rowsOf(result);
    const failures = rows.filter(({ failure }) => failure).length;
    const tests = rows.map(({ name, kind, failure }) => {
      const start = `    <testcase classname="${escaped(`${result.file} ${kind}`)}" name="${escaped(name)}"`;
      if (!failure) return `${start}/>`;
      const [message = ""] = failure;
      return `${start}>\n      <failure message="${escaped(message)}">${escaped(failure.join("\n"))}</failure>\n    </testcase>`;
    });
    return [
      `  <testsuite name="${escaped(result.file)}" tests="${rows.length}" failures="${failures}" errors="0" skipped="0">`,
      `    <properties><property name="coverage" value="${percent(result.coverage)}"/></properties>`,
      ...tests,
      "  </testsuite>",
    ].join("\n");
  });
  return ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>", ...suites, "</testsuites>"].join("\n");
}
