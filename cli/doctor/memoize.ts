/** The same, asked for once only, when somebody first wants it: several checks look at one thing. */
export function once<T>(ask: () => T): () => T {
  let asked: { readonly answer: T } | undefined;
  return () => {
    asked ??= { answer: ask() };
    return asked.answer;
  };
}
