import { Icon } from "../../parts/Icon.js";
import { Button, Verdict } from "../../parts/ui.js";
import { text } from "../../text/index.js";
import type { Problem } from "./protocol.js";

/** Rows that could not be read, by the row numbers of the spreadsheet. */
export function Problems({
  problems,
  count,
  onExport,
  onReplace,
}: {
  problems: readonly Problem[];
  count: number;
  onExport?: () => void;
  onReplace?: (problem: Problem) => void;
}) {
  if (count === 0)
    return (
      <div class="pad">
        <Verdict tone="ok">{text.imports.allRead}</Verdict>
      </div>
    );
  return (
    <section data-problems aria-label={text.imports.problems(count)}>
      <div class="pad stack t">
        <div class="rowhead">
          <h2>{text.imports.problems(count)}</h2>
          {onExport && (
            <Button icon="downl" onClick={onExport}>
              {text.imports.exportRows}
            </Button>
          )}
        </div>
        <p class="s dim">{text.imports.problemsHelp}</p>
      </div>
      <ul>
        {problems.map((problem, index) => (
          <li class="prob" key={index}>
            <Icon name="no" kind="loss" />
            <span>
              {text.imports.row(problem.at)}
              {problem.column !== "" && (
                <>
                  , <b>{problem.column}</b>
                </>
              )}
              <br />
              <span class="s dim">{problem.message}</span>
            </span>
            {problem.meant !== "" && onReplace && (
              <Button onClick={() => onReplace(problem)}>{text.imports.use(problem.meant)}</Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
