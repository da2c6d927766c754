const batch = 16;

/** Does the work for each item, a few at a time, and gives the results in the order of the items. */
export async function* inBatches<Item, Result>(
  items: readonly Item[],
  signal: AbortSignal,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  for (let start = 0; start < items.length; start += batch) {
    signal.throwIfAborted();
    yield* await Promise.all(items.slice(start, start + batch).map(work));
  }
}
