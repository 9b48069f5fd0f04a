/** A memory of answers about objects: one for each object and key, as long as the object lives. */
export function memo<K extends object, V>(): (of: K, key: string, make: () => V) => V {
  const known = new WeakMap<K, Map<string, { readonly value: V }>>();
  return (of, key, make) => {
    const answers = known.get(of) ?? new Map<string, { readonly value: V }>();
    known.set(of, answers);
    const answer = answers.get(key) ?? { value: make() };
    answers.set(key, answer);
    return answer.value;
  };
}

/** A memory of the latest answers: of those that were used last, at least `least` and at most twice as many. The others are made again. */
export class Latest<K, V> {
  #young = new Map<K, V>();
  #old = new Map<K, V>();

  get(key: K): V | undefined {
    return this.#young.get(key) ?? this.#old.get(key);
  }

  /** Keeps an answer, or one that was used again. */
  keep(key: K, value: V, least: number): void {
    if (this.#young.get(key) === value) return;
    if (this.#young.size >= least) [this.#young, this.#old] = [new Map(), this.#young];
    this.#young.set(key, value);
    this.#old.delete(key);
  }
}
