import type { DesiredSecret } from '../../../lambda/model/target.ts';
import type { ExpectedSecret, Value } from './case-format.ts';

/** The Secret in the form in which the case names what it expects: only the fields that it names, and of labels and annotations only the keys. */
export function shownLike(secret: DesiredSecret, expected: ExpectedSecret): ExpectedSecret {
  const { name, type, immutable, labels, annotations } = expected;
  return {
    data: dataLike(secret, expected),
    ...(name === undefined ? {} : { name: secret.target.name }),
    ...(type === undefined ? {} : { type: secret.type ?? 'Opaque' }),
    ...(immutable === undefined ? {} : { immutable: isImmutable(secret) }),
    ...(labels === undefined ? {} : { labels: only(secret.labels, labels) }),
    ...(annotations === undefined ? {} : { annotations: only(secret.annotations, annotations) }),
  };
}

/** As base64 where the case expects base64, or where the bytes are no text. */
function dataLike({ data }: DesiredSecret, expected: ExpectedSecret): Record<string, Value> {
  return Object.fromEntries(
    [...data].map(([key, value]) => {
      const bytes = Buffer.from(value.reveal());
      const wanted: unknown = Object.getOwnPropertyDescriptor(expected.data, key)?.value;
      const binary = typeof wanted === 'object' || !Buffer.from(bytes.toString()).equals(bytes);
      return [key, binary ? { base64: bytes.toString('base64') } : bytes.toString()];
    }),
  );
}

function only(
  all: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(Object.entries(all).filter(([key]) => Object.hasOwn(wanted, key)));
}

function isImmutable(secret: object): boolean {
  return 'immutable' in secret && secret.immutable === true;
}
