import * as z from 'zod/mini';
import { changeOf, ignored, parseWith, plainName } from './envelope.ts';
import type { Envelope, ParsedEvent } from './envelope.ts';

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-cwe.html */
const Detail = z.object({
  operation: z.string().check(z.minLength(1)),
  name: z.string().check(z.minLength(1)),
});

/** Reads the event that Parameter Store sends by itself. It names no version, so a read after it expects none. */
export function parameterChange(envelope: Envelope): ParsedEvent {
  const { operation, name } = parseWith(Detail, envelope.detail, 'detail');
  const ids = [...envelope.resources.filter((id) => id !== ''), name];
  switch (operation) {
    case 'Create':
    case 'Update':
      return { kind: 'change', change: changeOf(envelope, 'ParameterStore', 'value', ids) };
    case 'LabelParameterVersion':
      return { kind: 'change', change: changeOf(envelope, 'ParameterStore', 'label', ids) };
    case 'Delete':
      return { kind: 'change', change: changeOf(envelope, 'ParameterStore', 'lifecycle', ids) };
    default: {
      const what = plainName(operation, 'an operation without a plain name');
      return ignored(envelope, `${what} is not known to change a parameter`);
    }
  }
}
