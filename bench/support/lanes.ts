/** Does something for each item, `width` of them at a time; the answers are in the order of the items. */
export async function inLanes<T, R>(items: readonly T[], width: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const answers: R[] = [];
  const entries = items.entries();
  await Promise.all(Array.from({ length: width }, async () => {
    for (const [i, item] of entries) answers[i] = await work(item);
  }));
  return answers;
}
