import { accessAction } from './access-entries.ts';
import type { Incoming } from './exchange.ts';

/** What a request asks of which service, such as `secretsmanager` `GetSecretValue`. */
export interface Operation {
  readonly service: string;
  readonly action: string;
  /** Of the signature. */
  readonly region: string;
  /** Of the caller. */
  readonly accessKeyId: string;
}

/** Reads service and action from where each protocol has them: the signing scope, X-Amz-Target, a form or query field, or the path. */
export function operationOf({ method, path, headers, body }: Incoming): Operation {
  const url = new URL(path, 'http://facade');
  const scope =
    /Credential=([^,\s]+)/u.exec(headers.authorization ?? '')?.[1] ??
    url.searchParams.get('X-Amz-Credential') ??
    '';
  const [accessKeyId = '', , region = '', service = 'unknown'] = scope.split('/');
  const target = headers['x-amz-target'];
  if (typeof target === 'string')
    return { service, region, accessKeyId, action: target.slice(target.lastIndexOf('.') + 1) };
  if (service === 'eks')
    return {
      service,
      region,
      accessKeyId,
      action: eksAction(method, url.pathname),
    };
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
  const action = (isForm ? new URLSearchParams(body).get('Action') : null) ?? url.searchParams.get('Action');
  return { service, region, accessKeyId, action: action ?? 'Other' };
}

function eksAction(method: string, pathname: string): string {
  if (method === 'GET' && /^\/clusters\/[^/]+$/u.test(pathname)) return 'DescribeCluster';
  return accessAction(method, pathname) ?? 'Other';
}
