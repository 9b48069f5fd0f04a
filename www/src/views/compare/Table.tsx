import { useState } from "preact/hooks";
import { Button, Mark } from "../../parts/ui.js";
import { text } from "../../text/index.js";
import type { Row } from "./sides.js";

/** The most rows that are drawn at first. */
const SHOWN = 150;

/** Rows of a comparison: what each side has, and on wide screens in words what sets the second apart. */
export function Table({
  rows,
  left,
  right,
  head,
}: {
  rows: readonly Row[];
  /** The names of the two sides. */
  left: string;
  right: string;
  head: string;
}) {
  const [all, setAll] = useState(false);
  if (rows.length === 0) return <p class="pad dim">{text.compare.equal}</p>;
  const shown = all ? rows : rows.slice(0, SHOWN);
  return (
    <table class="dense" data-compare>
      <thead class="sticky">
        <tr>
          <th scope="col">{head}</th>
          <th scope="col">{left}</th>
          <th scope="col">{right}</th>
          <th scope="col" class="hide-p">
            {text.compare.difference}
          </th>
        </tr>
      </thead>
      <tbody>
        {shown.map((row, index) => (
          <>
            {row.group !== "" && row.group !== shown[index - 1]?.group && (
              <tr class="g" key={`g ${row.group}`}>
                <th colSpan={4} scope="colgroup">
                  {row.group}
                </th>
              </tr>
            )}
            <tr key={row.key} data-compared={row.key}>
              <td>{row.label}</td>
              <td>{row.left}</td>
              <td>{row.right}</td>
              <td class="hide-p">
                {row.differs && (
                  <span class={`flex ${row.more > 0 ? "gain" : row.more < 0 ? "loss" : "warn"}`}>
                    <Mark
                      tone={row.more > 0 ? "gain" : row.more < 0 ? "loss" : "warn"}
                      icon={row.more > 0 ? "plus" : row.more < 0 ? "minus" : "tilde"}
                    />
                    {row.more > 0
                      ? text.compare.hasMore(right)
                      : row.more < 0
                        ? row.missing
                          ? text.compare.lacks(right)
                          : text.compare.hasLess(right)
                        : text.compare.isOther}
                  </span>
                )}
              </td>
            </tr>
          </>
        ))}
        {rows.length > shown.length && (
          <tr>
            <td colSpan={4}>
              <Button kind="sm" onClick={() => setAll(true)}>
                {text.why.more(rows.length - shown.length)}
              </Button>
            </td>
          </tr>
        )}
      </tbody>
    </table>
  );
}
