// The symbols of a policy with their places in UTF-16 offsets: what is at a place, and where all of a symbol is.
import type { DocumentIndex, IndexedSymbol, SymbolKind, SymbolPlace } from "../studio/types.js";
import { ByteOffsets, type TextRange } from "./positions.js";

/** The texts of a document: itself under `""`, and the files that it includes under their names. */
export type Texts = { readonly [file: string]: string };

/** A range in one of the files of a document; `""` is the document itself. */
export interface FileRange extends TextRange {
  readonly file: string;
}

/** An id at a place. */
export interface Occurrence extends FileRange {
  readonly symbol: IndexedSymbol;
  readonly isDeclaration: boolean;
}

/** What an id may be looked up as: `name` is the namespace of facts, conditions, privileges and roles, `value` that of levels and options. */
export type Namespace =
  | "name"
  | "value"
  | Exclude<SymbolKind, "fact" | "condition" | "privilege" | "role" | "unknown" | "level" | "option">;

/** The namespace of a kind of symbols. */
export function namespaceOf(kind: SymbolKind): Namespace {
  switch (kind) {
    case "fact":
    case "condition":
    case "privilege":
    case "role":
    case "unknown":
      return "name";
    case "level":
    case "option":
      return "value";
    default:
      return kind;
  }
}

const keyOf = (namespace: Namespace, id: string, of = "") => `${namespace} ${of} ${id}`;

/** The offsets of the texts of a document. */
export class FileOffsets {
  readonly #texts: Texts;
  readonly #byFile = new Map<string, ByteOffsets>();

  constructor(texts: Texts) {
    this.#texts = texts;
  }

  /** The offsets of one of the texts. */
  of(file: string): ByteOffsets {
    const offsets = this.#byFile.get(file) ?? new ByteOffsets(this.#texts[file] ?? "");
    this.#byFile.set(file, offsets);
    return offsets;
  }

  /** A place in UTF-16 offsets. */
  range({ file = "", start, end }: SymbolPlace): FileRange {
    return { file, ...this.of(file).range({ start, end }) };
  }
}

/** The index of a document as editors ask it. */
export class PolicyIndex {
  /** The declared symbols, in the order of the document, and those that are only used. */
  readonly symbols: readonly IndexedSymbol[];
  readonly #offsets: FileOffsets;
  readonly #byKey: ReadonlyMap<string, IndexedSymbol>;

  constructor({ symbols }: DocumentIndex, texts: Texts) {
    this.symbols = symbols;
    this.#offsets = new FileOffsets(texts);
    this.#byKey = new Map(symbols.map((symbol) => [keyOf(namespaceOf(symbol.kind), symbol.id, symbol.of), symbol]));
  }

  /** The symbol with an id; `of` is the fact or privilege of a level or option. */
  find(namespace: Namespace, id: string, of?: string): IndexedSymbol | undefined {
    return this.#byKey.get(keyOf(namespace, id, of));
  }

  /** The levels or options of a fact or privilege. */
  valuesOf(id: string): readonly IndexedSymbol[] {
    return this.symbols.filter((symbol) => symbol.of === id && namespaceOf(symbol.kind) === "value");
  }

  /** A place in UTF-16 offsets. */
  range(place: SymbolPlace): FileRange {
    return this.#offsets.range(place);
  }

  /** The id at an offset, or directly before it. */
  at(file: string, offset: number): Occurrence | undefined {
    const offsets = this.#offsets.of(file);
    let found: { symbol: IndexedSymbol; place: SymbolPlace; isDeclaration: boolean } | undefined;
    const look = (symbol: IndexedSymbol, place: SymbolPlace, isDeclaration: boolean) => {
      if ((place.file ?? "") !== file || offsets.at(place.start) > offset || offsets.at(place.end) < offset) return;
      // Of two that touch, the one that begins at the offset
      if (!found || found.place.start <= place.start) found = { symbol, place, isDeclaration };
    };
    for (const symbol of this.symbols) {
      for (const { id } of symbol.declared) look(symbol, id, true);
      for (const place of symbol.uses) look(symbol, place, false);
    }
    if (!found) return undefined;
    const { symbol, place, isDeclaration } = found;
    return { ...this.range(place), symbol, isDeclaration };
  }

  /** All places of a symbol: its declarations, then its uses. */
  occurrences(symbol: IndexedSymbol): Occurrence[] {
    const declared = symbol.declared.map(({ id }) => ({ ...this.range(id), symbol, isDeclaration: true }));
    return [...declared, ...symbol.uses.map((place) => ({ ...this.range(place), symbol, isDeclaration: false }))];
  }
}
