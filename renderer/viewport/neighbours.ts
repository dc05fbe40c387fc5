/** How many slices on either side are fetched ahead. */
const reach = 24;

/** The slices of a stack to fetch ahead of the one at `at`, nearest first. */
export function neighbours(at: number, length: number): number[] {
  const order: number[] = [];
  for (let distance = 1; distance <= reach; distance++)
    for (const index of [at + distance, at - distance]) if (index >= 0 && index < length) order.push(index);
  return order;
}
