import { RelayError } from '../errors.ts';
import type { NullBytePolicy } from '../model/value-options.ts';

/**
 * Refuses values with null bytes where `nullBytePolicy: Fail` asks for that: most programs cut text there.
 *
 * @throws RelayError NULL_BYTES
 */
export function checkNullBytes(
  policy: NullBytePolicy,
  data: ReadonlyMap<string, Uint8Array>,
  where: string,
): void {
  if (policy === 'Ignore') return;
  const found = [...data].filter(([, value]) => value.includes(0)).map(([key]) => key);
  if (found.length === 0) return;
  throw new RelayError(
    'NULL_BYTES',
    `${where}: null bytes in the value of ${found
      .toSorted()
      .map((key) => JSON.stringify(key))
      .join(
        ', ',
      )}, and nullBytePolicy is Fail; store it as text, or leave nullBytePolicy out where the value is meant to be binary`,
  );
}
