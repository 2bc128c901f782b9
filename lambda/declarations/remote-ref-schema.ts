import * as z from 'zod/mini';
import { fields, list, secretId, version } from './formats.ts';

/** How values and keys are changed on their way (https://external-secrets.io/latest/guides/decoding-strategy/). */
export const decodingStrategy = z._default(z.enum(['None', 'Base64', 'Base64URL', 'Auto']), 'None');
const conversionStrategy = z._default(z.enum(['Default', 'Unicode']), 'Default');
const nullBytePolicy = z._default(z.enum(['Ignore', 'Fail']), 'Ignore');

/** `remoteRef` of `data` and `extract` of `dataFrom` (https://external-secrets.io/latest/api/spec/). */
export const RemoteRef = fields({
  key: secretId,
  property: z.optional(z.string('a text')),
  version: z._default(version, 'AWSCURRENT'),
  conversionStrategy,
  decodingStrategy,
  metadataPolicy: z._default(z.enum(['None', 'Fetch']), 'None'),
  nullBytePolicy,
});
export type RemoteRef = z.infer<typeof RemoteRef>;

/** `find` of `dataFrom` (https://external-secrets.io/latest/guides/getallsecrets/). */
export const Find = fields({
  path: z.optional(z.string('a text')),
  name: z.optional(fields({ regexp: z.optional(z.string('a regular expression')) })),
  tags: z._default(z.record(z.string(), z.string('a text, in quotes'), 'a mapping'), {}),
  conversionStrategy,
  decodingStrategy,
  nullBytePolicy,
});
export type Find = z.infer<typeof Find>;

/** One step of `rewrite`: exactly one of these (https://external-secrets.io/latest/guides/datafrom-rewrite/). */
export const Rewrite = fields({
  regexp: z.optional(fields({ source: z.string('a text'), target: z.string('a text') })),
  transform: z.optional(fields({ template: z.string('a text') })),
  merge: z.optional(
    fields({
      into: z._default(z.string('a text'), ''),
      priority: z._default(list(z.string('a text')), []),
      priorityPolicy: z._default(z.enum(['Strict', 'IgnoreNotFound']), 'Strict'),
      conflictPolicy: z._default(z.enum(['Error', 'Ignore']), 'Error'),
      strategy: z._default(z.enum(['Extract', 'JSON']), 'Extract'),
    }),
  ),
});
export type Rewrite = z.infer<typeof Rewrite>;
