// What a file of people may look like, while there is none: an example of this policy, and what its columns can mean.
import { Fragment } from "preact";
import { useMemo } from "preact/hooks";
import { useApp } from "../../state/app.js";
import { isShared } from "../../state/facts.js";
import type { PrivilegeInfo } from "../../state/model.js";
import { text } from "../../text/index.js";
import { sampleTable } from "./sample.js";

const ROWS = 8;
/** The columns of the example beside the name: those that say most. */
const COLUMNS = 4;

/** Rows of the sample file, with the columns in which most of them have something. */
export function Example() {
  const { model } = useApp();
  const { header, lines } = useMemo(() => {
    const table = sampleTable(4 * ROWS, model.described);
    return { ...table, lines: table.lines.filter(({ cells }) => cells.slice(1).some(Boolean)).slice(0, ROWS) };
  }, [model]);
  const filled = (column: number) => lines.filter(({ cells }) => cells[column]).length;
  const columns = [
    0,
    ...header
      .map((_, column) => column)
      .slice(1)
      .sort((a, b) => filled(b) - filled(a))
      .slice(0, COLUMNS)
      .sort((a, b) => a - b),
  ];
  return (
    <section class="stack t" data-example>
      <h2>{text.imports.guide.example}</h2>
      <p class="s dim">{text.imports.guide.exampleHelp}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways where it is narrow, also by keyboard */}
      <section class="wide-table" tabIndex={0} aria-label={text.imports.guide.example}>
        <table class="dense">
          <thead>
            <tr>
              {columns.map((column) => (
                <th scope="col" key={column}>
                  {header[column]}
                </th>
              ))}
              <th scope="col" aria-label={text.imports.guide.more}>
                …
              </th>
            </tr>
          </thead>
          <tbody>
            {lines.map(({ at, cells }) => (
              <tr key={at}>
                {columns.map((column) => (
                  <td key={column}>{cells[column]}</td>
                ))}
                <td />
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}

/** What the columns can mean, with the values that are read. */
export function Meanings() {
  const { model } = useApp();
  const { privileges, facts, roles } = model.described;
  const { guide } = text.imports;
  const first = (kind: PrivilegeInfo["kind"]) => privileges.find((it) => it.kind === kind);
  const level = first("level");
  const own = facts.filter((fact) => !isShared(fact));
  const settings = facts.filter(isShared);
  const rows = [
    [text.imports.name, guide.name],
    roles.some(({ when }) => !when) && [text.imports.roles, guide.roles(roles.filter(({ when }) => !when).length)],
    first("flag") && [guide.flag(first("flag")?.label ?? ""), guide.flagValues],
    level && [guide.level(level.label), guide.levelValues(level.levels?.map(({ label }) => label) ?? [])],
    first("set") && [guide.set(first("set")?.label ?? ""), guide.setValues],
    first("number") && [guide.number(first("number")?.label ?? ""), guide.numberValues],
    own.length > 0 && [guide.facts(own.map(({ label }) => label)), guide.factValues],
    settings.length > 0 && [guide.settings(settings[0]?.label ?? ""), guide.settingValues],
  ].filter((row) => Array.isArray(row));
  return (
    <section class="stack t" data-meanings>
      <h2>{guide.meanings}</h2>
      <p class="s dim">{guide.meaningsHelp}</p>
      <dl class="meanings">
        {rows.map(([what, values]) => (
          <Fragment key={what}>
            <dt>{what}</dt>
            <dd class="s dim">{values}</dd>
          </Fragment>
        ))}
      </dl>
      <h3>{guide.files}</h3>
      <p class="s dim">{guide.filesHelp}</p>
    </section>
  );
}
