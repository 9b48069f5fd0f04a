// Helpers of catalogues: numbers, plurals and lists in a language.

export interface Words {
  n(value: number): string;
  plural(count: number, one: string, many: string): string;
  and(list: readonly string[]): string;
  or(list: readonly string[]): string;
  date(at: number): string;
  time(at: number): string;
}

export function words(language: string): Words {
  const number = new Intl.NumberFormat(language);
  const list = (type: "conjunction" | "disjunction") => {
    const format = new Intl.ListFormat(language, { type });
    return (items: readonly string[]) => format.format(items).replace(/, (and|or) /, " $1 ");
  };
  const dates = language === "en" ? "en-GB" : language;
  const date = new Intl.DateTimeFormat(dates, { dateStyle: "long" });
  const time = new Intl.DateTimeFormat(dates, { dateStyle: "long", timeStyle: "short" });
  return {
    n: (value) => number.format(value),
    plural: (count, one, many) => `${number.format(count)} ${count === 1 ? one : many}`,
    and: list("conjunction"),
    or: list("disjunction"),
    date: (at) => date.format(at),
    time: (at) => time.format(at),
  };
}
