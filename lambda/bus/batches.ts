/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const MAX_ENTRIES = 10;
/**
 * For all entries of a call together. EventBridge has taken four times as much since January 2026, but not everywhere
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html); some room for what surrounds the details.
 */
const MAX_BYTES = 240_000;

/** Receipts, in their order, as many together as one call takes. */
export function batches<T>(items: readonly T[]): readonly (readonly T[])[] {
  const all: T[][] = [];
  let room = 0;
  for (const item of items) {
    const size = Buffer.byteLength(JSON.stringify(item));
    const last = all.at(-1);
    if (last === undefined || last.length === MAX_ENTRIES || size > room) {
      all.push([item]);
      room = MAX_BYTES - size;
    } else {
      last.push(item);
      room -= size;
    }
  }
  return all;
}
