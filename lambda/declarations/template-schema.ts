import * as z from 'zod/mini';
import { dataKey, fields, labelKey, list, objectName, text } from './formats.ts';
import { decodingStrategy } from './remote-ref-schema.ts';

const Item = fields({
  key: z.string('a text').check(z.minLength(1)),
  templateAs: z._default(z.enum(['Values', 'KeysAndValues']), 'Values'),
});

const ObjectRef = fields({ name: objectName, items: list(Item) });

/** ESO compares the word without regard to case. */
const target = text(
  /^(data|annotations|labels)$/iu,
  'one of Data, Annotations, Labels: other parts of a Secret are not for templates',
);

const TemplateFrom = fields({
  configMap: z.optional(ObjectRef),
  secret: z.optional(ObjectRef),
  literal: z.optional(z.string('a text')),
  target: z._default(target, 'Data'),
  valuesDecodingStrategy: decodingStrategy,
});
export type TemplateFrom = z.infer<typeof TemplateFrom>;

const finalizer = text(
  /^(?=.{1,317}$)[a-z0-9]([-a-z0-9.]*[a-z0-9])?\/[A-Za-z0-9]([-\w.]*[A-Za-z0-9])?$/u,
  'a finalizer such as example.com/cleanup',
);

/** `spec.target.template` (https://external-secrets.io/latest/guides/templating/). */
export const Template = fields({
  engineVersion: z.optional(z.literal('v2')),
  mergePolicy: z._default(z.enum(['Replace', 'Merge']), 'Replace'),
  type: z.optional(z.string('a text')),
  metadata: z.optional(
    fields({
      labels: z._default(z.record(labelKey, z.string('a text, in quotes'), 'a mapping'), {}),
      annotations: z._default(z.record(labelKey, z.string('a text, in quotes'), 'a mapping'), {}),
      finalizers: z._default(list(finalizer), []),
    }),
  ),
  data: z._default(z.record(dataKey, z.string('a text, in quotes'), 'a mapping'), {}),
  templateFrom: z._default(list(TemplateFrom), []),
});
export type Template = z.infer<typeof Template>;
