/** Memoizes an async lookup that several checks share; the first caller triggers it. */
export function memoize<T>(ask: () => T): () => T {
  let asked: { readonly answer: T } | undefined;
  return () => {
    asked ??= { answer: ask() };
    return asked.answer;
  };
}
