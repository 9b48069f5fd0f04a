// Workbooks and encoded texts for tests.
import { strToU8, zipSync } from "fflate";

const MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships";

/** The XML of a sheet with rows. */
export const SHEET = (rows, more = "") =>
  `<?xml version="1.0"?><worksheet ${MAIN}><sheetData>${rows}</sheetData>${more}</worksheet>`;

/** A workbook: sheets by name as XML, and shared texts. */
export function workbook(sheets, texts = [], level = 6) {
  const names = Object.keys(sheets);
  const files = {
    "[Content_Types].xml": "<Types/>",
    "xl/workbook.xml": `<workbook ${MAIN} xmlns:r="${OFFICE}"><sheets>${names.map((name, index) => `<sheet name="${name}" sheetId="${index + 1}" r:id="r${index}"/>`).join("")}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `<Relationships xmlns="${PACKAGE}">${names.map((_, index) => `<Relationship Id="r${index}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${index + 1}.xml"/>`).join("")}<Relationship Id="s" Type="${OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
    "xl/sharedStrings.xml": `<sst ${MAIN}>${texts.map((text) => `<si>${text}</si>`).join("")}</sst>`,
  };
  names.forEach((name, index) => {
    files[`xl/worksheets/sheet${index + 1}.xml`] = sheets[name];
  });
  return zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])), { level });
}

/** A workbook whose sheets are rows of texts; `null` is an empty cell. */
export function workbookOf(sheets) {
  const letter = (column) => String.fromCharCode(65 + column);
  const escaped = (text) => text.replace(/[&<>]/g, (char) => `&#${char.charCodeAt(0)};`);
  const cell = (text, row, column) =>
    text === null || text === ""
      ? ""
      : `<c r="${letter(column)}${row}" t="inlineStr"><is><t>${escaped(text)}</t></is></c>`;
  const xml = (rows) =>
    SHEET(
      rows
        .map(
          (cells, index) =>
            `<row r="${index + 1}">${cells.map((text, column) => cell(text, index + 1, column)).join("")}</row>`,
        )
        .join(""),
    );
  return workbook(Object.fromEntries(Object.entries(sheets).map(([name, rows]) => [name, xml(rows)])));
}

export const utf16 = (text, isBig) => {
  const bytes = Buffer.from(text, "utf16le");
  return new Uint8Array(isBig ? bytes.swap16() : bytes);
};

const HIGH = { "–": 0x96, "€": 0x80, "„": 0x84, "“": 0x93 };
export const windows1252 = (text) => Uint8Array.from(text, (char) => HIGH[char] ?? char.codePointAt(0));
