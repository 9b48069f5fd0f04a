import { Choice } from "../../parts/Choice.js";
import { text } from "../../text/index.js";
import type { ReadAs } from "./protocol.js";
import type { Reading } from "./table.js";

/** Encodings of spreadsheet programs, as the Encoding Standard names them. */
const ENCODINGS = [
  "utf-8",
  "utf-16le",
  "utf-16be",
  "windows-1252",
  "windows-1250",
  "windows-1251",
  "windows-1254",
  "macintosh",
  "shift_jis",
  "gb18030",
] as const;
const SEPARATORS = [",", ";", "\t", "|"];

/** How the file was read; each part can be chosen. */
export function ReadingChoice({
  as,
  chosen,
  onChoose,
}: {
  as: ReadAs;
  chosen: Reading;
  onChoose: (reading: Reading) => void;
}) {
  const { encoding, separator, sheets, sheet, titles, rows } = as;
  const words = text.imports.reading;
  const found = (key: keyof Reading) => (chosen[key] === undefined ? words.detected : words.chosen);
  const separators =
    separator === undefined || SEPARATORS.includes(separator) ? SEPARATORS : [...SEPARATORS, separator];
  return (
    <div class="pad flex wrap" data-reading>
      {encoding !== undefined && (
        <Choice
          label={words.encoding}
          note={found("encoding")}
          visible
          value={encoding}
          items={ENCODINGS.map((id) => ({ id: id as string, label: words.encodings[id] }))}
          onChange={(encoding) => onChoose({ encoding })}
        />
      )}
      {separator !== undefined && (
        <Choice
          label={words.separator}
          note={found("separator")}
          visible
          value={separator}
          items={separators.map((id) => ({ id, label: words.separators[id] ?? id }))}
          onChange={(separator) => onChoose({ separator })}
        />
      )}
      {sheets.length > 1 && (
        <Choice
          label={words.sheet}
          note={found("sheet")}
          visible
          value={String(sheet)}
          items={sheets.map((label, index) => ({ id: String(index), label }))}
          onChange={(index) => onChoose({ sheet: Number(index), titles: undefined })}
        />
      )}
      <Choice
        label={words.titles}
        note={found("titles")}
        visible
        value={String(titles)}
        items={rows.map(({ at, words }) => ({ id: String(at), label: text.imports.row(at), hint: words }))}
        onChange={(at) => onChoose({ titles: Number(at) })}
      />
    </div>
  );
}
