import * as z from 'zod/mini';
import { ANNOTATION } from '../contract.ts';
import { RelayError } from '../errors.ts';
import type { HeldSecret, Precondition } from '../model/target.ts';
import { Sensitive } from '../sensitive.ts';
import type { Asked } from './kube-errors.ts';

const Whole = z.object({
  kind: z.literal('Secret'),
  metadata: z.object({
    uid: z.string(),
    resourceVersion: z.string(),
    annotations: z.optional(z.record(z.string(), z.string())),
  }),
  data: z._default(z.nullable(z.record(z.string(), z.string())), {}),
});

const OWN: readonly string[] = Object.values(ANNOTATION);

/**
 * The answer to a read of a whole Secret: its values, and of its annotations those of the relay, for others may hold values.
 *
 * @throws RelayError TARGET_CONTENDED where it is no longer the one that was observed
 */
export function parseHeld(body: string, precondition: Precondition, { where, verb }: Asked): HeldSecret {
  const parsed = Whole.safeParse(jsonOf(body));
  if (!parsed.success)
    throw new RelayError(
      'CLUSTER_UNAVAILABLE',
      `${where}: the answer to ${verb} is no Secret; see what stands between that changes requests or answers`,
    );
  const { metadata, data } = parsed.data;
  if (metadata.uid !== precondition.uid || metadata.resourceVersion !== precondition.resourceVersion)
    throw new RelayError(
      'TARGET_CONTENDED',
      `${where}: it is no longer as it was observed; the relay begins again`,
    );
  const annotations = Object.entries(metadata.annotations ?? {}).filter(([name]) => OWN.includes(name));
  const bytes = Object.entries(data ?? {}).map(
    ([key, value]) => [key, new Sensitive(new Uint8Array(Buffer.from(value, 'base64')))] as const,
  );
  return { annotations: Object.fromEntries(annotations), data: new Map(bytes) };
}

/** The parser's message is dropped: it would quote the answer. */
function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
