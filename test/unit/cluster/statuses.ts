import type { HttpsResponse } from '../../../lambda/cluster/https-transport.ts';

/** What must never be seen outside the cluster: answers that quote it stand for answers that quote a value. */
export const CANARY = 'canary-5f1c';

interface StatusChanges {
  readonly reason?: string;
  readonly kind?: string;
  readonly causes?: readonly { readonly reason?: string; readonly field?: string }[];
  readonly message?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer as kube-apiserver 1.36 gives it; every message in it quotes a value. */
export function aStatus(
  code: number,
  { reason, kind, causes, message = CANARY, headers = {} }: StatusChanges = {},
): HttpsResponse {
  const details = {
    name: 'db',
    ...(kind === undefined ? {} : { kind }),
    ...(causes === undefined ? {} : { causes: causes.map((cause) => ({ ...cause, message: CANARY })) }),
  };
  const body = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason,
    details,
    code,
  };
  return { status: code, headers, body: JSON.stringify(body) };
}

/** An answer of something between the relay and the API server. */
export function aProxyAnswer(status: number): HttpsResponse {
  return { status, headers: {}, body: `<html>${CANARY}</html>` };
}
