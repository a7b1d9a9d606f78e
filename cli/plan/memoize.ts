/** Memoizes a lookup: the first caller triggers it, and later ones get the same result. */
export function memoize<T>(read: () => T): () => T {
  let memo: { readonly value: T } | undefined;
  return () => {
    memo ??= { value: read() };
    return memo.value;
  };
}
