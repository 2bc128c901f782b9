import * as z from 'zod/mini';
import { Receipt } from './receipt.ts';

/** The JSON Schema of receipts, which consumers check and generate code from; `npm run schema` writes it. */
export function receiptJsonSchema(): string {
  const { $schema, ...schema } = z.toJSONSchema(Receipt, {
    io: 'input',
    target: 'draft-7',
    // The format says it, and a pattern of two hundred characters says it to nobody.
    override: ({ jsonSchema }) => {
      if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
    },
  });
  return `${JSON.stringify({ $schema, title: 'Keyrelay Receipt', ...schema }, undefined, 2)}\n`;
}
