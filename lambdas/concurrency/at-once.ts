/**
 * Does the work for every item, at most `limit` at a time. After a failure no further item is begun. The error is
 * thrown once the work in progress has ended, so that nothing continues unnoticed.
 */
export async function forEachAtOnce<T>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = [];
  const queue = items.values();
  const runQueue = async () => {
    for (const item of queue) {
      if (failures.length > 0) return;
      await work(item).catch((error: unknown) => void failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, runQueue));
  if (failures.length > 0) throw failures[0];
}

/** The items in groups of at most `size`, in their order. */
export function inBatches<T>(items: Iterable<T>, size: number): T[][] {
  const all = [...items];
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}
