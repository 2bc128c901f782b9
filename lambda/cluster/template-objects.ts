import * as z from 'zod/mini';
import { RelayError, toRelayError } from '../errors.ts';
import { templateObjectId } from '../model/declaration.ts';
import type { TemplateObjectRef } from '../model/declaration.ts';
import type { ClusterTemplates } from '../model/ports.ts';
import type { TemplateObject, TemplateObjects } from '../model/source.ts';
import { Sensitive } from '../sensitive.ts';
import { responseError } from './kube-errors.ts';
import type { Asked } from './kube-errors.ts';
import type { Session } from './session.ts';

const Content = z.object({
  metadata: z.object({ resourceVersion: z.string() }),
  data: z._default(z.nullable(z.record(z.string(), z.string())), {}),
});

/** ConfigMaps and Secrets that `templateFrom` names: the only values of a cluster that the relay reads. */
export function createClusterTemplates(sessions: (cluster: string) => Session): ClusterTemplates {
  return {
    read: async (cluster, namespace, refs, signal) => {
      const session = sessions(cluster);
      const entries = refs.map(async (ref): Promise<Entry> => {
        const where = `${cluster}/${namespace}/${templateObjectId(ref)}`;
        try {
          const object = await readObject(ref, { where, namespace, verb: 'get' }, session, signal);
          return [templateObjectId(ref), { kind: 'object', object }];
        } catch (failure) {
          return [templateObjectId(ref), { kind: 'failure', error: toRelayError(failure, where) }];
        }
      });
      return new Map(await Promise.all(entries));
    },
  };
}

type Entry = TemplateObjects extends ReadonlyMap<infer K, infer V> ? readonly [K, V] : never;

async function readObject(
  { kind, name }: TemplateObjectRef,
  asked: Asked,
  session: Session,
  signal: AbortSignal,
): Promise<TemplateObject> {
  const plural = kind === 'ConfigMap' ? 'configmaps' : 'secrets';
  const path = `/api/v1/namespaces/${asked.namespace}/${plural}/${name}`;
  const response = await session.send({ asked, method: 'GET', path, headers: {} }, signal);
  if (response.status === 404) {
    throw new RelayError(
      'TEMPLATE_OBJECT_MISSING',
      `${asked.where}: templateFrom names it, and it is not there; create it, or correct the name`,
    );
  }
  if (response.status !== 200) throw responseError(asked, response);
  const content = Content.safeParse(parse(response.body));
  if (!content.success)
    throw new RelayError(
      'CLUSTER_UNAVAILABLE',
      `${asked.where}: the answer is no ${kind}; see what stands between`,
    );
  const encoding = kind === 'ConfigMap' ? 'utf8' : 'base64';
  const data = Object.entries(content.data.data ?? {}).map(
    ([key, value]) => [key, new Sensitive(new Uint8Array(Buffer.from(value, encoding)))] as const,
  );
  return { version: content.data.metadata.resourceVersion, data: new Map(data) };
}

/** The parser's message is dropped: it would quote the answer. */
function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
