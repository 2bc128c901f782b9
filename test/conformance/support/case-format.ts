import * as z from 'zod/mini';

/** A secret or parameter as its store holds it. Several with one name are several versions of it. */
export const Stored = z.strictObject({
  name: z.string(),
  text: z.optional(z.string()),
  base64: z.optional(z.string()),
  tags: z.optional(z.record(z.string(), z.string())),
  /** AWSCURRENT where none are named. */
  stages: z.optional(z.array(z.string())),
  versionId: z.optional(z.string()),
  service: z.optional(z.enum(['SecretsManager', 'ParameterStore'])),
  type: z.optional(z.enum(['String', 'StringList', 'SecureString'])),
  /** Why reading it fails. */
  state: z.optional(z.enum(['deleted', 'denied'])),
});
export type Stored = z.infer<typeof Stored>;

/** A ConfigMap or Secret that lies in the cluster for `templateFrom`. */
const InCluster = z.strictObject({
  kind: z.enum(['ConfigMap', 'Secret']),
  name: z.string(),
  data: z.record(z.string(), z.string()),
});

/** A value: its text, or its bytes as base64 where they are no text. */
const Value = z.union([z.string(), z.strictObject({ base64: z.string() })]);
export type Value = z.infer<typeof Value>;

/** Checked by hand, because a record of zod's drops the key `__proto__`, which secrets may well have. */
const Data = z.custom<Readonly<Record<string, Value>>>(isData);

function isData(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).every((each) => Value.safeParse(each).success);
}

export const Labels = z.record(z.string(), z.string());

export const ExpectedSecret = z.strictObject({
  data: Data,
  /** What is not named here is not compared, except for `data`, which is complete. */
  name: z.optional(z.string()),
  type: z.optional(z.string()),
  labels: z.optional(Labels),
  annotations: z.optional(Labels),
  immutable: z.optional(z.boolean()),
});
export type ExpectedSecret = z.infer<typeof ExpectedSecret>;

export const ExpectedError = z.strictObject({ code: z.string(), words: z.optional(z.array(z.string())) });
export type ExpectedError = z.infer<typeof ExpectedError>;

const Expectation = z.union([
  z.strictObject({ secret: ExpectedSecret }),
  z.strictObject({ error: ExpectedError }),
  z.strictObject({ empty: z.literal(true) }),
]);

const Case = z.strictObject({
  title: z.string(),
  stored: z.optional(z.array(Stored)),
  cluster: z.optional(z.array(InCluster)),
  /** Merged onto the default's metadata. */
  metadata: z.optional(z.record(z.string(), z.unknown())),
  /** The `spec`, of which `secretStoreRef` may be left out. */
  manifest: z.record(z.string(), z.unknown()),
  expect: Expectation,
  /** What the relay does instead, where that is a known defect: the case then has to fail, so that the note goes when the defect does. */
  defect: z.optional(z.string()),
});
export type Case = z.infer<typeof Case>;

/** One group of fields. */
export const CaseFile = z.strictObject({
  about: z.string(),
  cases: z.array(Case).check(z.minLength(1)),
});
export type CaseFile = z.infer<typeof CaseFile>;
