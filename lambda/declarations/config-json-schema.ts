import * as z from 'zod/mini';
import { ConfigFile } from './config-schema.ts';

/** The JSON Schema of `config/keyrelay.yaml`, by which an editor completes and checks it; `npm run schema` writes it. */
export function configJsonSchema(): string {
  const { $schema, ...schema } = z.toJSONSchema(ConfigFile, { io: 'input', target: 'draft-7' });
  return `${JSON.stringify({ $schema, title: 'keyrelay.yaml', ...schema }, undefined, 2)}\n`;
}
