import { describe, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import { structuralSchema } from '../../../infra/manifests/structural-schema.ts';

const preserved = { 'x-kubernetes-preserve-unknown-fields': true };

describe('of a schema of ours, a CRD says', () => {
  test.each([
    {
      what: 'members, those that are required, and that others stay',
      schema: z.strictObject({ a: z.string(), b: z.optional(z.number()) }),
      crd: {
        type: 'object',
        properties: { a: { type: 'string' }, b: { type: 'number' } },
        required: ['a'],
        ...preserved,
      },
    },
    {
      what: 'nothing about patterns, which Go may not have',
      schema: z.string().check(z.regex(/^(?=.{1,9}$)a/u), z.minLength(1)),
      crd: { type: 'string', minLength: 1 },
    },
    {
      what: 'the values of an enumeration, and its default',
      schema: z._default(z.enum(['A', 'B']), 'A'),
      crd: { type: 'string', enum: ['A', 'B'], default: 'A' },
    },
    { what: 'no other default', schema: z._default(z.string(), 'x'), crd: { type: 'string' } },
    { what: 'a constant as an enumeration', schema: z.literal('v2'), crd: { type: 'string', enum: ['v2'] } },
    {
      what: 'only that alternatives are anything',
      schema: z.union([z.string(), z.number()]),
      crd: preserved,
    },
    {
      what: 'the values of a mapping, not its keys',
      schema: z.record(z.string().check(z.regex(/a/u)), z.string()),
      crd: { type: 'object', additionalProperties: { type: 'string' } },
    },
    {
      what: 'the items of a list',
      schema: z.array(z.boolean()).check(z.minLength(1)),
      crd: { type: 'array', minItems: 1, items: { type: 'boolean' } },
    },
    {
      what: 'not that the one provider that is known has to be there',
      schema: z.strictObject({ provider: z.strictObject({ aws: z.string() }) }),
      crd: {
        type: 'object',
        properties: {
          provider: { type: 'object', properties: { aws: { type: 'string' } }, ...preserved },
        },
        required: ['provider'],
        ...preserved,
      },
    },
  ])('$what', ({ schema, crd }) => {
    expect(structuralSchema(schema)).toEqual(crd);
  });
});
