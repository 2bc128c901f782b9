// `npm run schema`: writes the JSON Schemas of config/keyrelay.yaml, for editors, and of receipts, for consumers. Unit tests tell when one is out of date.
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { configJsonSchema } from '../lambda/declarations/config-json-schema.ts';
import { receiptJsonSchema } from '../lambda/receipts/receipt-json-schema.ts';

const SCHEMAS = {
  '../config/keyrelay.schema.json': configJsonSchema(),
  '../docs/receipt.schema.json': receiptJsonSchema(),
};

for (const [name, schema] of Object.entries(SCHEMAS)) {
  const path = fileURLToPath(new URL(name, import.meta.url));
  await writeFile(path, schema);
  console.log(`wrote ${path}`);
}
