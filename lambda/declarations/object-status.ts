import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { FIELD_MANAGER } from '../contract.ts';
import type { ObjectStatus, StatusWriters } from '../model/declared-object.ts';

const text = z.catch(z.optional(z.string()), undefined);

const Condition = z.object({
  type: z.string(),
  status: z.string(),
  reason: text,
  message: text,
  lastTransitionTime: text,
});

/** What stands there is anybody's: a member that is not as expected counts as absent. */
const Status = z.object({
  conditions: z.catch(z._default(z.array(Condition), []), []),
  refreshTime: text,
  syncedResourceVersion: text,
  binding: z.catch(z.optional(z.object({ name: z.string().check(z.minLength(1)) })), undefined),
  capabilities: text,
  externalSecretName: text,
  provisionedNamespaces: z.catch(z.optional(z.array(z.string())), undefined),
  failedNamespaces: z.catch(
    z.optional(z.array(z.object({ namespace: z.string(), reason: text }))),
    undefined,
  ),
});

/** The status of an item of a list. */
export function statusOf(status: unknown): ObjectStatus {
  const parsed = Status.safeParse(status);
  return parsed.success ? parsed.data : { conditions: [] };
}

const Entry = z.object({
  manager: z.string(),
  time: z.string(),
  subresource: z.literal('status'),
  fieldsV1: z.object({
    'f:status': z.object({
      'f:conditions': z.optional(z.unknown()),
      'f:refreshTime': z.optional(z.unknown()),
    }),
  }),
});

/**
 * Who wrote the status. Whoever changes a value becomes its owner and the one before loses it, forced apply and update alike
 * (https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management), so the owners of the refresh time and the
 * conditions are those who wrote what stands there now.
 */
export function statusWritersOf(managedFields: readonly unknown[]): StatusWriters {
  const entries = managedFields.flatMap((entry) => {
    const { success, data } = Entry.safeParse(entry);
    if (!success) return [];
    const at = new Date(data.time);
    const { 'f:conditions': conditions, 'f:refreshTime': refreshTime } = data.fieldsV1['f:status'];
    const tells = conditions !== undefined || refreshTime !== undefined;
    return tells && !Number.isNaN(at.getTime()) ? [{ manager: data.manager, at }] : [];
  });
  const latest = entries.toSorted((a, b) => b.at.getTime() - a.at.getTime());
  return {
    relay: latest.find(({ manager }) => manager === FIELD_MANAGER)?.at,
    other: latest.find(({ manager }) => manager !== FIELD_MANAGER),
  };
}

type Texts = Readonly<Record<string, string>>;

/**
 * The object's version in ESO's own format (`GetResourceVersion` in its pkg/controllers/util/util.go), so that either of the two recognises
 * what the other has synced: the generation, and SHA3-224 of labels and annotations as Go's `%+v` prints them, sorted by key.
 */
export function versionOf(generation: number, annotations: Texts = {}, labels: Texts = {}): string {
  const printed = `{annotations:${goMap(annotations)} labels:${goMap(labels)}}`;
  return `${generation}-${createHash('sha3-224').update(printed).digest('hex')}`;
}

function goMap(texts: Texts): string {
  const sorted = Object.entries(texts).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `map[${sorted.map(([key, value]) => `${key}:${value}`).join(' ')}]`;
}
