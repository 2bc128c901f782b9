// `npm run schema`: writes the JSON Schema of config/keyrelay.yaml, for editors. A unit test tells when it is out of date.
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { configJsonSchema } from '../lambda/declarations/config-json-schema.ts';

const path = fileURLToPath(new URL('../config/keyrelay.schema.json', import.meta.url));
await writeFile(path, configJsonSchema());
console.log(`wrote ${path}`);
