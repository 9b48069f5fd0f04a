import { Icon } from "../../parts/Icon.js";
import { text } from "../../text/index.js";
import { type Options, type Report, countsOf, shownRows, unlistedWords } from "./report.js";

/** The report as it is printed. */
export function Sheet({ report, options }: { report: Report; options: Options }) {
  const rows = shownRows(report, options);
  const isPeople = report.kind === "operation";
  const words = { yes: text.reports.yes, no: text.reports.no, undecided: text.reports.undecided };
  return (
    <article class="sheet stack" data-report={report.kind}>
      <div>
        <p class="s mute">{text.reports.title}</p>
        <h1>{report.title}</h1>
        <p class="dim">{options.version ? report.line : report.lineShort}</p>
      </div>
      {report.kind !== "organisation" && (
        <div class="facts">
          {countsOf(report).map(({ label, count, id }) => (
            <div key={id}>
              <span class="xs mute">{label}</span>
              <b data-count={id}>{text.n(count)}</b>
            </div>
          ))}
        </div>
      )}
      {report.takes !== "" && (
        <section>
          <h2>{text.reports.takes}</h2>
          <p>{report.takes}</p>
        </section>
      )}
      <table class="answers">
        <thead>
          <tr>
            <th scope="col">{isPeople ? text.reports.person : text.reports.operation}</th>
            <th scope="col">{text.reports.can}</th>
            <th scope="col">{report.kind === "organisation" ? text.reports.people1 : text.reports.through}</th>
            {options.version && <th scope="col">{text.reports.version}</th>}
            {options.sources && <th scope="col">{text.reports.source}</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <>
              {row.section !== "" && row.section !== rows[index - 1]?.section && (
                <tr class="g" key={row.section}>
                  <th colSpan={5} scope="colgroup">
                    {row.section}
                  </th>
                </tr>
              )}
              <tr key={`${row.section} ${row.name} ${index}`} data-report-row={row.name}>
                <td>
                  <b>{row.name}</b>
                </td>
                <td class={row.can === "yes" ? "gain" : row.can === "no" ? "loss" : "factc"}>
                  {row.count !== undefined ? (
                    text.n(row.count)
                  ) : (
                    <span class="flex">
                      <Icon name={row.can === "yes" ? "check" : row.can === "no" ? "x" : "ask"} /> {words[row.can]}
                    </span>
                  )}
                </td>
                <td>{row.why}</td>
                {options.version && (
                  <td class="version" data-label={text.reports.version}>
                    {report.version}
                  </td>
                )}
                {options.sources && <td data-label={text.reports.source}>{row.source}</td>}
              </tr>
            </>
          ))}
        </tbody>
      </table>
      {unlistedWords(report, options).map((words) => (
        <p key={words} class="s dim" data-unlisted>
          {words}
        </p>
      ))}
      {options.facts && report.facts.rows.length > 0 && (
        <section>
          <h2>{text.reports.rests}</h2>
          <table>
            <thead>
              <tr>
                <th scope="col">{text.reports.fact}</th>
                {report.facts.names.map((name) => (
                  <th scope="col" key={name}>
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {report.facts.rows.map(({ label, values }) => (
                <tr key={label}>
                  <td>{label}</td>
                  {values.map((value, index) => (
                    <td key={index}>{value}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {options.sources && report.sources.length > 0 && (
        <section>
          <h2>{text.reports.sources}</h2>
          <ol>
            {report.sources.map((source, index) => (
              <li key={source}>
                {index + 1}. {source}
              </li>
            ))}
          </ol>
        </section>
      )}
      {options.sign && (
        <div class="sign">
          {text.reports.signed.map((words) => (
            <div key={words}>{words}</div>
          ))}
        </div>
      )}
    </article>
  );
}
