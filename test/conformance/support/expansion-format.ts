import * as z from 'zod/mini';
import { ExpectedError, ExpectedSecret, Labels, Stored } from './case-format.ts';

/** What a selected namespace gets: a Secret, or why it gets none. */
const Placed = z.union([
  z.strictObject({ secret: ExpectedSecret }),
  z.strictObject({ error: ExpectedError }),
]);

const Expectation = z.union([
  z.strictObject({
    /** By `namespace/name` of the ExternalSecrets that there are; complete. */
    placed: z.record(z.string(), Placed),
    /** Namespace -> the code for which it is left out, although it is selected; complete. */
    refused: z._default(z.record(z.string(), z.string()), {}),
  }),
  /** The file is refused. */
  z.strictObject({ error: ExpectedError }),
]);

/** A ClusterExternalSecret in a file, and what comes of it in one cluster. */
const ExpansionCase = z.strictObject({
  title: z.string(),
  stored: z._default(z.array(Stored), [{ name: 'prod/db', text: 'fake-password' }]),
  /** The namespaces of the relay. */
  served: z._default(z.array(z.string()), ['shop', 'web']),
  /** The namespaces of the cluster, with their labels. */
  namespaces: z._default(z.record(z.string(), Labels), {}),
  /** Merged onto the default's metadata. */
  metadata: z.optional(z.record(z.string(), z.unknown())),
  /** Merged onto a spec whose `externalSecretSpec` reads `prod/db` into the key `password`. */
  spec: z.record(z.string(), z.unknown()),
  /** What else is declared in files, after it. */
  beside: z._default(z.array(z.record(z.string(), z.unknown())), []),
  expect: Expectation,
});
export type ExpansionCase = z.infer<typeof ExpansionCase>;

/** One group of fields. */
export const ExpansionCaseFile = z.strictObject({
  about: z.string(),
  cases: z.array(ExpansionCase).check(z.minLength(1)),
});
