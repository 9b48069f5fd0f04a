// Helpers of catalogues: numbers, plurals and lists in a language.

/** “Open Email Accounts” within a sentence: “open Email Accounts”. Abbreviations keep their capitals. */
export const lower = (label: string): string =>
  /^\p{Lu}\p{Ll}/u.test(label) ? `${label[0]?.toLowerCase()}${label.slice(1)}` : label;

export const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

export interface Words {
  n(value: number): string;
  plural(count: number, one: string, many: string): string;
  and(list: readonly string[]): string;
  or(list: readonly string[]): string;
  time(at: number): string;
}

export function words(language: string): Words {
  const number = new Intl.NumberFormat(language);
  const list = (type: "conjunction" | "disjunction") => {
    const format = new Intl.ListFormat(language, { type });
    return (items: readonly string[]) => format.format(items).replace(/, (and|or) /, " $1 ");
  };
  const time = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, {
    dateStyle: "long",
    timeStyle: "short",
  });
  return {
    n: (value) => number.format(value),
    plural: (count, one, many) => `${number.format(count)} ${count === 1 ? one : many}`,
    and: list("conjunction"),
    or: list("disjunction"),
    time: (at) => time.format(at),
  };
}
