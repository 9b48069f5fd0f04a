// Search by words in any order; the beginning of a word is enough, and common endings do not count.

/** Letters and digits without accents, as words. */
const wordsOf = (text: string): string[] =>
  text
    .toLowerCase()
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");

/** A word without a common English or German ending, where enough is left of it. */
function stem(word: string): string {
  for (const ending of [
    "ations",
    "ation",
    "ings",
    "ing",
    "ies",
    "ied",
    "ers",
    "ern",
    "ung",
    "ed",
    "es",
    "er",
    "en",
    "s",
    "e",
    "y",
  ])
    if (word.endsWith(ending) && word.length - ending.length >= 4) return word.slice(0, -ending.length);
  return word;
}

const cache = new Map<string, readonly string[]>();
function stemsOf(text: string): readonly string[] {
  const known = cache.get(text) ?? wordsOf(text);
  if (cache.size > 20_000) cache.clear();
  cache.set(text, known);
  return known;
}

const isPart = (words: readonly string[], wanted: string) => {
  const root = stem(wanted);
  return words.some((word) => word.startsWith(wanted) || (root.length >= 3 && word.startsWith(root)));
};

/** Whether a text has all words of a search. */
export function matches(text: string, search: string): boolean {
  const words = stemsOf(text);
  return wordsOf(search).every((wanted) => isPart(words, wanted));
}

/** How close a label that was found is to a search: 2 if it has its words and no others, 1 if it has all of them, 0 if others are needed. */
export function closeness(label: string, search: string): 0 | 1 | 2 {
  if (!matches(label, search)) return 0;
  return stemsOf(label).length <= new Set(wordsOf(search)).size ? 2 : 1;
}

/** How much of a search a text has, from 0 to 1; where nothing matches, the nearest are those with most. */
export function nearness(text: string, search: string): number {
  const words = stemsOf(text);
  const wanted = wordsOf(search);
  if (wanted.length === 0) return 0;
  const score = (one: string) => {
    if (isPart(words, one)) return 1;
    return Math.max(0, ...words.map((word) => common(word, one) / Math.max(word.length, one.length)));
  };
  return wanted.reduce((sum, one) => sum + score(one), 0) / wanted.length;
}

const common = (a: string, b: string) => {
  const pairs = new Set(Array.from({ length: a.length - 1 }, (_, at) => a.slice(at, at + 2)));
  return Array.from({ length: Math.max(0, b.length - 1) }, (_, at) => b.slice(at, at + 2)).filter((it) => pairs.has(it))
    .length;
};

/** The parts of a label that a search matched: `[text, matched]`. */
export function marked(label: string, search: string): [string, boolean][] {
  const wanted = wordsOf(search);
  return label.split(/([\p{L}\p{N}]+)/u).flatMap((part): [string, boolean][] => {
    const [word = ""] = wordsOf(part);
    const hit = wanted.find(
      (one) => word !== "" && (word.startsWith(one) || (stem(one).length >= 3 && word.startsWith(stem(one)))),
    );
    if (hit === undefined) return [[part, false]];
    let length = 0;
    while (length < hit.length && length < word.length && hit[length] === word[length]) length++;
    return [
      [part.slice(0, length), true],
      [part.slice(length), false],
    ];
  });
}
