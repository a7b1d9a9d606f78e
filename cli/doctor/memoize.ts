/** Memoizes an async lookup that several checks share; the first caller triggers it. */
export function once<T>(ask: () => T): () => T {
  let asked: { readonly answer: T } | undefined;
  return () => {
    asked ??= { answer: ask() };
    return asked.answer;
  };
}
