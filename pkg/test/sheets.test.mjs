// Tables as people have them: workbooks and text with separators, also damaged and hostile ones.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { strToU8, zipSync } from "fflate";
import writeXlsxFile from "write-excel-file/node";
import { SHEET, utf16, windows1252, workbook } from "./support/sheets.mjs";
import { load } from "./support/package.mjs";

const sheets = await load("privet/sheets");
const { decodeText, readSheets, SheetError, streamRows } = sheets;
const { PrivetError } = await load("privet");
const bytes = (text) => new TextEncoder().encode(text);
/** The rows of a text as `[number, ...cells]`. */
const rows = async (input) =>
  (await readSheets(typeof input === "string" ? bytes(input) : input))[0].rows.map(({ at, cells }) => [at, ...cells]);

describe("text with separators", () => {
  test("any line ends, blank rows, and the numbers that a spreadsheet program shows", async () => {
    for (const end of ["\n", "\r\n", "\r"]) {
      const text = ["a,b", "", '"1\n2",3', ",", "x,y", ""].join(end);
      assert.deepEqual(await rows(text), [
        [1, "a", "b"],
        [3, "1\n2", "3"],
        [5, "x", "y"],
      ]);
    }
    assert.deepEqual(await rows("a,b\nc,d\r\ne,f\rg,h"), [
      [1, "a", "b"],
      [2, "c", "d"],
      [3, "e", "f"],
      [4, "g", "h"],
    ]);
    assert.deepEqual(await rows("a,b\nc,"), [
      [1, "a", "b"],
      [2, "c", ""],
    ]);
  });

  test("the separator is named by sep=, or is the one that splits most lines alike", async () => {
    assert.deepEqual(await rows("\ufeffSEP=|\r\na|b,c|d\r\n"), [[1, "a", "b,c", "d"]]);
    assert.deepEqual(await rows("sep=;\ra;b\r"), [[1, "a", "b"]]);
    for (const separator of [",", ";", "\t", "|"])
      assert.deepEqual(await rows(`a${separator}b, c; d\n1${separator}2\n3${separator}4\n`), [
        [1, ...`a${separator}b, c; d`.split(separator)],
        [2, "1", "2"],
        [3, "3", "4"],
      ]);
    assert.deepEqual(await rows("alone\nhere\n"), [
      [1, "alone"],
      [2, "here"],
    ]);
  });

  test("quotation marks by the standard and by hand", async () => {
    assert.deepEqual(await rows('"a ""b"", c",d\n"Refund" (all),x\n x, "Read, write"\n5" pipe,"",\n'), [
      [1, 'a "b", c', "d"],
      [2, "Refund (all)", "x"],
      [3, " x", "Read, write"],
      [4, '5" pipe', "", ""],
    ]);
    const [{ rows: open }] = await readSheets(bytes('a,b\n1,"2\n3,4\n'));
    assert.deepEqual(
      open.map(({ at, problem }) => [at, problem]),
      [
        [1, undefined],
        [2, "open-quote"],
      ],
    );
  });

  test("UTF-8, UTF-16 and Windows-1252, with and without a byte order mark", async () => {
    const text = "Größe,„x“ – 5 €\n";
    const expected = [[1, "Größe", "„x“ – 5 €"]];
    const encoded = [bytes(text), bytes(`\ufeff${text}`), windows1252(text)];
    for (const isBig of [false, true]) encoded.push(utf16(`\ufeff${text}`, isBig), utf16(text, isBig));
    for (const one of encoded) assert.deepEqual(await rows(one), expected);
    assert.equal(decodeText(utf16("\ufeff[1]", true)), "[1]");
    const found = ["utf-8", "utf-8", "windows-1252", "utf-16le", "utf-16le", "utf-16be", "utf-16be"];
    for (const [index, one] of encoded.entries()) assert.equal((await readSheets(one))[0].encoding, found[index]);
  });

  test("the encoding and the separator may be given", async () => {
    const latin2 = Uint8Array.of(0xa3, 0xf3, 0x64, 0x9f, 0x3b, 0x31, 0x2c, 0x35); // Łódź;1,5
    const read = (options) => readSheets(latin2, options);
    const [found] = await read({});
    assert.deepEqual([found.encoding, found.separator, found.rows[0].cells], ["windows-1252", ",", ["£ódŸ;1", "5"]]);
    const [given] = await read({ encoding: "windows-1250", separator: ";" });
    assert.deepEqual([given.encoding, given.separator, given.rows[0].cells], ["windows-1250", ";", ["Łódź", "1,5"]]);
    assert.deepEqual((await read({ encoding: "windows-1252" }))[0].rows, found.rows);
    await assert.rejects(read({ encoding: "utf-9" }), RangeError);
  });

  test("a long file takes time in proportion to its length", async () => {
    const line = `name,${'"a, b",'.repeat(20)}x\n`;
    assert.equal((await rows(line.repeat(20_000))).length, 20_000);
    assert.equal((await rows(`a,b\n${'"'.repeat(1_000_001)}`)).length, 2);
  });
});

describe("text with separators, in parts", () => {
  async function* inParts(all, size) {
    for (let at = 0; at < all.length; at += size) yield all.subarray(at, at + size);
  }
  const collect = async (parts, options) => {
    const found = [];
    for await (const rows of streamRows(parts, options)) found.push(...rows);
    return found;
  };

  test("has the rows of the whole, however it is cut, with their lines", async () => {
    const kinds = ["a,b", '"1\n2",ü', 'x,"say ""€""",y', "", ",", 'plain,"\r\n\r"', '5" pipe,"Read, write"', "„x“, –"];
    for (const end of ["\n", "\r\n", "\r"]) {
      const text = Array.from({ length: 12_000 }, (_, at) => kinds[(at * 7 + (at >> 3)) % 8] + end).join("");
      for (const whole of [
        bytes(text),
        bytes(`\ufeffsep=,${end}${text}`),
        utf16(`\ufeff${text}`, true),
        windows1252(text),
      ]) {
        const [{ rows: expected }] = await readSheets(whole);
        const hasName = decodeText(whole).startsWith("sep=");
        const lineOf = new Map();
        let line = hasName ? 2 : 1;
        for (const [at, kind] of Array.from({ length: 12_000 }, (_, at) => [at + 1, kinds[(at * 7 + (at >> 3)) % 8]])) {
          lineOf.set(at, line);
          line += 1 + (kind.match(/\r\n|\n|\r/g)?.length ?? 0);
        }
        for (const size of [997, 65_537, whole.length]) {
          const found = await collect(inParts(whole, size));
          assert.equal(found.length, expected.length);
          assert.deepEqual(
            found.map(({ cells }) => cells),
            expected.map(({ cells }) => cells),
          );
          assert.deepEqual(
            found.map(({ line }) => line),
            expected.map(({ at }) => lineOf.get(at)),
          );
        }
      }
    }
  });

  test("refuses what cannot be read a part at a time", async () => {
    const refuses = (text, code, message, options) =>
      assert.rejects(collect(inParts(typeof text === "string" ? bytes(text) : text, 100_000), options), {
        name: "SheetError",
        code,
        message,
      });
    await refuses("", "empty", "it is empty; give a table");
    await refuses(
      `a,b\nc,"${"d\n".repeat(600_000)}`,
      "too-large",
      /^line 2 begins a row longer than 1048576 characters/,
    );
    const late = bytes(`${"a,b\n".repeat(50_000)}é`).subarray(0, -1);
    await refuses(late, "not-a-table", /^it is no text in utf-8 from line \d+ on; save it as UTF-8$/);
    assert.deepEqual(await collect(inParts(bytes('a,b\n1,"2\n'), 3)), [
      { line: 1, cells: ["a", "b"] },
      { line: 2, cells: ["1", "2\n"], problem: "open-quote" },
    ]);
    await assert.rejects(collect(inParts(bytes("a"), 1), { encoding: "utf-9" }), RangeError);
    assert.deepEqual(
      (await collect(inParts(Uint8Array.of(0xa3, 0x3b, 0x31), 1), { encoding: "windows-1250", separator: ";" }))[0]
        .cells,
      ["Ł", "1"],
    );
  });
});

describe("a workbook", () => {
  test("of a library that writes them: texts, numbers, switches, dates and empty cells", async () => {
    const cell = (value) => ({ value });
    const data = [
      [cell("Title")],
      [],
      [cell("Permission"), cell("Clerk"), null, cell("Since")],
      [
        cell("Größe & <x>"),
        cell(true),
        cell(1.5),
        { value: new Date("2026-03-01T00:00:00Z"), type: Date, format: "yyyy-mm-dd" },
      ],
    ];
    const file = await writeXlsxFile(data, { sheet: "Rights" }).toBuffer();
    const sheets = await readSheets(new Uint8Array(file));
    assert.deepEqual(sheets, [
      {
        name: "Rights",
        rows: [
          { at: 1, cells: ["Title", "", "", ""] },
          { at: 3, cells: ["Permission", "Clerk", "", "Since"] },
          { at: 4, cells: ["Größe & <x>", "TRUE", "1.5", "2026-03-01"] },
        ],
      },
    ]);
  });

  test("with several sheets, shared texts, merged cells, gaps, and an error of a formula, which is empty", async () => {
    const sheet = `<row r="2"><c r="B2" t="s"><v>0</v></c><c r="D2" t="inlineStr"><is><t>in</t></is></c></row>
      <row r="7"><c r="A7" t="e"><v>#N/A</v></c><c r="B7" t="b"><v>0</v></c><c r="C7" s="0"/></row>`;
    const file = workbook(
      { One: SHEET(sheet, '<mergeCells count="1"><mergeCell ref="B2:C2"/></mergeCells>'), Two: SHEET("") },
      ["<t>sha</t>", "<t>x</t>"],
    );
    const sheets = await readSheets(file);
    assert.deepEqual(
      sheets.map(({ name, rows }) => [name, rows.map(({ at, cells }) => [at, ...cells])]),
      [
        [
          "One",
          [
            [2, "", "sha", "", "in"],
            [7, "", "FALSE", "", ""],
          ],
        ],
        ["Two", []],
      ],
    );
  });

  test("that is hostile or damaged is refused without being unpacked", async () => {
    const refused = async (file, code, message) => {
      await assert.rejects(readSheets(file), (error) => {
        assert.ok(error instanceof SheetError && error instanceof PrivetError);
        assert.deepEqual([error.code, error.name], [code, "SheetError"]);
        assert.match(error.message, message);
        return true;
      });
    };
    const cell = (place) => SHEET(`<row r="1"><c r="${place}" t="s"><v>0</v></c></row>`);
    const big = `<t>${"x".repeat(1 << 20)}</t>`;
    const bomb = workbook({ One: SHEET("") }, Array(300).fill(big), 9);
    assert.ok(bomb.length < 2 << 20);
    await refused(bomb, "too-large", /unpacks to more than 256 MiB; save the sheet/);
    const far = SHEET('<row r="1048576"><c r="XFD1048576" t="b"><v>1</v></c></row>');
    await refused(workbook({ One: far }), "too-large", /a sheet of 1048576 rows and 16384 columns/);
    for (const place of ["XFE1", "A1048577", "A99999999999", "&#65;1", "ZZZZ1", "1", ""])
      await refused(workbook({ One: cell(place) }), "damaged", /has a cell outside of its sheet/);
    await refused(workbook({ One: SHEET('<row r="9999999"></row>') }), "damaged", /outside of its sheet/);
    const good = workbook({ One: SHEET('<row r="1"><c r="A1" t="b"><v>1</v></c></row>') });
    assert.equal((await readSheets(good))[0].rows.length, 1);
    await refused(good.subarray(0, good.length / 2), "damaged", /cannot be read: it is/);
    await refused(
      zipSync({ "a.txt": strToU8("x"), "b.xml": strToU8("<a/>") }),
      "damaged",
      /an archive of another kind/,
    );
    await refused(workbook({ One: "<worksheet><sheetData><row>" }), "damaged", /./);
    const entities = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>';
    const read = await readSheets(
      workbook({ One: entities + SHEET('<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row>') }),
    ).catch((error) => error);
    assert.ok(read instanceof SheetError || JSON.stringify(read).length < 200, "entities are not expanded");
  });

  test("files of other kinds say what they are", async () => {
    const refused = (input, message) =>
      assert.rejects(readSheets(input), { name: "SheetError", code: /not-a-table|empty/, message });
    await refused(new Uint8Array(), /^it is empty/);
    await refused(new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 1]), /old format, or one with a password/);
    await refused(bytes("%PDF-1.7"), /a PDF/);
    await refused(bytes("\ufeff\n<html><table><tr><td>x"), /HTML or XML/);
    await refused(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 1, 2, 3]), /a binary file/);
    await refused(
      Uint8Array.from({ length: 512 }, (_, index) => index % 256),
      /a binary file/,
    );
  });
});

describe("what titles and cells of people say", () => {
  const { cellReader, escapedCell, nameColumn, titled, unescapedCell } = sheets;
  const levels = [
    { id: "view", label: "View only" },
    { id: "8", label: "Manager" },
  ];

  test("titles name an entry by id, then by label, without case and punctuation", () => {
    const entries = [
      { id: "a", label: "View reports" },
      { id: "b", label: "A" },
      { id: "c", label: "View-Reports" },
    ];
    const named = (title) => titled(title, entries).map(({ id }) => id);
    assert.deepEqual(["view_REPORTS", "a", "?", "", "reports"].map(named), [["a", "c"], ["a"], [], [], []]);
  });

  test("the column of names has the best of its titles, and none that means something else", () => {
    const never = () => false;
    assert.equal(nameColumn(["E-mail", "Login", "Full name"], never), 2);
    assert.equal(
      nameColumn(["User", "Email"], (title) => title === "User"),
      1,
    );
    assert.equal(nameColumn(["Town"], never), -1);
  });

  test("cells of each kind", () => {
    const of = (kind, cells, options) => cells.map(cellReader({ kind, ...options }, { isGrant: true }));
    assert.deepEqual(of("flag", ["X", "wahr", "Granted", "-", "FALSCH", "maybe"]), [
      ...[true, true, true, false, false].map((value) => ({ value })),
      { fault: "yes-or-no", part: "maybe" },
    ]);
    assert.deepEqual(of("number", ["8", "8.0", "8,00", "8.5", "-1"]), [
      ...[8, 8, 8].map((value) => ({ value })),
      { fault: "whole-number", part: "8.5" },
      { fault: "whole-number", part: "-1" },
    ]);
    assert.deepEqual(of("level", ["VIEW ONLY", "view", "8.0", "manager", "none", "eight"], { levels }), [
      ...["view", "view", "8", "8", undefined].map((value) => ({ value })),
      { fault: "option", part: "eight" },
    ]);
    assert.deepEqual(of("set", ["view; Manager|view", " ; ", "-", "view; nine"], { options: levels }), [
      ...[["view", "8"], [], []].map((value) => ({ value })),
      { fault: "option", part: "nine" },
    ]);
    assert.deepEqual(cellReader({ kind: "choice", options: levels })("none"), { fault: "option", part: "none" });
  });

  test("cells that a spreadsheet would run are written with an apostrophe, and read without it", () => {
    for (const cell of ["=1+1", "@SUM(A1)", "\u200b+1", "\uff1dcmd", "-"]) {
      assert.equal(escapedCell(cell), `'${cell}`);
      assert.equal(unescapedCell(`'${cell} `), cell);
    }
    for (const cell of ["x", "1-1", "'quoted'"]) assert.equal(unescapedCell(escapedCell(cell)), cell);
  });
});
