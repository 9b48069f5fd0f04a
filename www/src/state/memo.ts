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
