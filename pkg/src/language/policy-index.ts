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

/** The index of a document as editors ask it. */
export class PolicyIndex {
  /** The declared symbols, in the order of the document, and those that are only used. */
  readonly symbols: readonly IndexedSymbol[];
  readonly #texts: Texts;
  readonly #offsets = new Map<string, ByteOffsets>();
  readonly #byKey: ReadonlyMap<string, IndexedSymbol>;
  #byFile: Map<string, Occurrence[]> | undefined;

  constructor({ symbols }: DocumentIndex, texts: Texts) {
    this.symbols = symbols;
    this.#texts = texts;
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
  range({ file = "", start, end }: SymbolPlace): FileRange {
    const offsets = this.#offsets.get(file) ?? new ByteOffsets(this.#texts[file] ?? "");
    this.#offsets.set(file, offsets);
    return { file, ...offsets.range({ start, end }) };
  }

  /** The id at an offset, or directly before it. */
  at(file: string, offset: number): Occurrence | undefined {
    this.#byFile ??= this.#collect();
    const all = this.#byFile.get(file) ?? [];
    let [low, high] = [0, all.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (all[middle]!.end < offset) low = middle + 1;
      else high = middle;
    }
    // Of two that touch, the one that begins at the offset
    const found = [all[low], all[low + 1]].filter((one) => one && one.start <= offset && offset <= one.end);
    return found.at(-1);
  }

  /** All places of a symbol: its declarations, then its uses. */
  occurrences(symbol: IndexedSymbol): Occurrence[] {
    const declared = symbol.declared.map(({ id }) => ({ ...this.range(id), symbol, isDeclaration: true }));
    return [...declared, ...symbol.uses.map((place) => ({ ...this.range(place), symbol, isDeclaration: false }))];
  }

  #collect(): Map<string, Occurrence[]> {
    const all = this.symbols.flatMap((symbol) => this.occurrences(symbol));
    const byFile = new Map<string, Occurrence[]>();
    for (const one of all) {
      const list = byFile.get(one.file);
      if (list) list.push(one);
      else byFile.set(one.file, [one]);
    }
    for (const list of byFile.values()) list.sort((a, b) => a.start - b.start);
    return byFile;
  }
}
