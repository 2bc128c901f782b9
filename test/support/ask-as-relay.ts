import type { KubeRequest, Session } from '../../lambda/cluster/session.ts';
import { fieldsOf } from './resolved-template.ts';

const { signal } = new AbortController();

/** What an API server says. */
export interface Answer {
  readonly status: number;
  /** Of a Status; empty where it answers with an object. */
  readonly message: string;
}

/** What a session's API server says to the relay's own identity, whatever the relay's code would ask: how a fence is tried. */
export async function askAsRelay(
  session: Session,
  method: KubeRequest['method'],
  path: string,
  body?: object,
): Promise<Answer> {
  const contentType = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  const response = await session.send(
    {
      asked: { where: 'fenced', namespace: 'shop', verb: 'get' },
      ...{ method, path, headers: { 'Content-Type': contentType } },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    },
    signal,
  );
  const { message } = fieldsOf(JSON.parse(response.body));
  return { status: response.status, message: typeof message === 'string' ? message : '' };
}
