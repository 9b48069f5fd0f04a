import { useState } from "preact/hooks";
import { Button, Scrollable } from "../../parts/ui.js";
import { useApp } from "../../state/app.js";
import { text } from "../../text.js";
import type { Meaning } from "./mapping.js";
import type { TablePreview } from "./protocol.js";

/** Lets the user review and correct the suggested meaning of each column. */
export function Mapping({
  file,
  preview,
  onRead,
}: {
  file: string;
  preview: TablePreview;
  onRead: (meanings: readonly Meaning[]) => void;
}) {
  const { model } = useApp();
  const [meanings, setMeanings] = useState(preview.meanings);
  const repeated = meanings.find((meaning, index) => meaning !== "" && meanings.indexOf(meaning) !== index);
  const label = (meaning: Meaning) =>
    meaning === "name" || meaning === "roles"
      ? text.organisation[meaning]
      : model.label(meaning.slice(meaning.indexOf(":") + 1));
  return (
    <>
      <p>{text.organisation.mappingHelp(preview.rows, file)}</p>
      <Scrollable label={text.organisation.mapping}>
        <table>
          <thead>
            <tr>
              <th scope="col">{text.organisation.column}</th>
              <th scope="col">{text.organisation.means}</th>
              <th scope="col">{text.organisation.first}</th>
            </tr>
          </thead>
          <tbody>
            {preview.header.map((column, index) => (
              <tr key={index}>
                <th scope="row">{column}</th>
                <td>
                  <select
                    aria-label={`${column}: ${text.organisation.means}`}
                    value={meanings[index]}
                    onChange={(event) =>
                      setMeanings(
                        meanings.map((it, at) => (at === index ? (event.currentTarget.value as Meaning) : it)),
                      )
                    }
                  >
                    <option value="">{text.organisation.ignore}</option>
                    <option value="name">{text.organisation.name}</option>
                    <option value="roles">{text.organisation.roles}</option>
                    <optgroup label={text.organisation.privilege}>
                      {model.described.privileges.map(({ id, label }) => (
                        <option key={id} value={`privilege:${id}`}>
                          {label}
                        </option>
                      ))}
                    </optgroup>
                    <optgroup label={text.organisation.fact}>
                      {model.described.facts.map(({ id, label }) => (
                        <option key={id} value={`fact:${id}`}>
                          {label}
                        </option>
                      ))}
                    </optgroup>
                  </select>
                </td>
                <td class="dim">{preview.values[index]?.map((value) => value || "–").join(" · ")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrollable>
      {repeated && (
        <p class="error" role="alert">
          {text.organisation.repeated(label(repeated))}
        </p>
      )}
      <div class="pair spaced">
        <Button kind="main" disabled={repeated !== undefined} onClick={() => onRead(meanings)}>
          {text.organisation.read}
        </Button>
      </div>
    </>
  );
}
