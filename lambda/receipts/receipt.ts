import * as z from 'zod/mini';
import { described } from '../declarations/described.ts';
import { WRITE_REASONS } from '../model/action.ts';

/** Increased with every change that could break a consumer; new members are none. */
export const SCHEMA_VERSION = '1';

const text = (): z.ZodMiniString => z.string().check(z.minLength(1));
const time = z.iso.datetime();
const count = z.int().check(z.minimum(0));

const Source = z.object({
  store: described(text(), 'Name of the store.'),
  secret: described(
    text(),
    'Name or ARN of the secret or parameter, as the declaration calls it; @STAGE follows where it asks for another version than AWSCURRENT.',
  ),
  versionId: described(z.optional(text()), 'Id of the version; absent where it is not known.'),
  created: described(z.optional(time), 'When that version was made.'),
});

const Times = z.object({
  rotated: described(
    z.optional(time),
    'When the source changed, by AWS’s clock; absent where no event told.',
  ),
  received: described(z.optional(time), 'When the relay learned of it; absent where no event told.'),
  written: described(z.optional(time), 'When the Secret was written.'),
  rolloutStarted: described(z.optional(time), 'When the first workload was restarted.'),
  rolloutEnded: described(
    z.optional(time),
    'When every workload had the new value, or the rollout had failed.',
  ),
  deleted: described(z.optional(time), 'When the Secret was deleted.'),
  failed: described(z.optional(time), 'When the relay gave up.'),
});

const Workloads = z.object({
  complete: described(count, 'Workloads of which every pod has the new value.'),
  left: described(count, 'Workloads that somebody else restarts.'),
  stopped: described(count, 'Workloads that were not restarted, because another had failed.'),
  failed: described(count, 'Workloads that did not become available.'),
  failedNames: described(z.array(text()), 'Kind/name of these, of the first 50.'),
});

/** What `detail` of a receipt holds. */
export const Receipt = described(
  z.object({
    schemaVersion: described(z.literal(SCHEMA_VERSION), 'Version of this schema.'),
    id: described(
      z.string().check(z.regex(/^[0-9a-f]{32}$/u)),
      'The same whenever the same receipt is delivered again.',
    ),
    outcome: described(
      z.enum(['written', 'complete', 'superseded', 'deleted', 'write-failed', 'rollout-failed']),
      '`complete`: the Secret is written and every workload that is to have it has it. `written`: the Secret is written, and workloads are being restarted; only with settings.receipts.when: stages. `superseded`: a later change of the Secret came before its rollout was over. `deleted`: the Secret is. `write-failed`: the relay gave up. `rollout-failed`: the Secret is written, and a workload did not become available.',
    ),
    reason: described(
      z.optional(z.enum([...WRITE_REASONS, 'source-gone', 'undeclared'])),
      'Why the Secret was written (there was none, another version, the declaration changed, somebody had changed it, taken over) or deleted.',
    ),
    cluster: z.object({
      name: described(text(), 'Name of the EKS cluster.'),
      region: described(text(), 'Its AWS region.'),
      account: described(z.string().check(z.regex(/^\d{12}$/u)), 'Its AWS account.'),
    }),
    secret: z.object({
      namespace: described(text(), 'Namespace of the Secret.'),
      name: described(text(), 'Name of the Secret.'),
      uid: described(z.optional(text()), 'uid of the Secret, where it is known.'),
    }),
    declaration: described(z.optional(text()), 'namespace/name of the ExternalSecret.'),
    sources: described(
      z.array(Source),
      'What the Secret holds, or should; the first 100. Of a failure, what the event named.',
    ),
    sourceNames: described(
      z.array(text()),
      '`secret` of each of these, because an event pattern looks into lists of texts, and not of objects.',
    ),
    revision: described(
      z.optional(text()),
      'The Secret’s annotation keyrelay.dev/revision, which restarted pods have too.',
    ),
    dataChanged: described(z.optional(z.boolean()), 'Whether the write changed the Secret’s data.'),
    eventId: described(
      z.optional(text()),
      'Id of the event that told of the change: it is in every log line of it. Absent where a sweep found it.',
    ),
    times: Times,
    workloads: described(z.optional(Workloads), 'What became of the workloads, where the rollout is over.'),
    error: described(
      z.optional(z.object({ code: text(), message: text() })),
      'Why it failed: a code of docs/errors.md, and what to do. Holds no value.',
    ),
  }),
  'The detail of a receipt of Keyrelay: what became of one change in one Secret. Members may be added to it.',
);
export type Receipt = z.infer<typeof Receipt>;
