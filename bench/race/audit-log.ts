import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod/mini';
import { RELAY_GROUP } from '../../local/cluster-access.ts';

/** As whom ESO asks. */
export const ESO_ACCOUNT = { namespace: 'external-secrets', name: 'external-secrets' } as const;

/** Records each request of the two rivals once, when it was answered, and nobody else's; a watch when it ends. */
export const AUDIT_POLICY = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived', 'ResponseStarted'],
  rules: [
    { level: 'Metadata', userGroups: [RELAY_GROUP] },
    { level: 'Metadata', users: [`system:serviceaccount:${ESO_ACCOUNT.namespace}:${ESO_ACCOUNT.name}`] },
    { level: 'None' },
  ],
} as const;

const QUIET_MS = 5000;
const PATIENCE_MS = 120_000;

const Entry = z.object({
  verb: z.string(),
  objectRef: z.optional(z.object({ resource: z.optional(z.string()), subresource: z.optional(z.string()) })),
});

/** Where the log ends now. */
export async function endOf(path: string): Promise<number> {
  const { size } = await stat(path);
  return size;
}

/** Waits until nobody has asked for anything in a while; where it does not come to that, those requests are among what is measured next. */
export async function untilQuiet(path: string): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  for (let before = -1, end = 0; before !== end && performance.now() < until;) {
    before = await endOf(path);
    await sleep(QUIET_MS);
    end = await endOf(path);
  }
}

/** Requests that were recorded since: how many of each kind, such as `update secrets` and `patch externalsecrets/status`. */
export async function requestsSince(path: string, begin: number): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for await (const line of createInterface({ input: createReadStream(path, { start: begin }) })) {
    const kind = kindOf(line);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}

/** What kind of request a line of the log is of. */
export function kindOf(line: string): string {
  const { verb, objectRef } = Entry.parse(JSON.parse(line));
  const { resource = 'other', subresource } = objectRef ?? {};
  return `${verb} ${resource}${subresource === undefined ? '' : `/${subresource}`}`;
}
