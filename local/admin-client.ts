import { request } from 'node:https';
import type { RequestOptions } from 'node:https';
import { createInterface } from 'node:readline';
import type { KubeConfig } from '@kubernetes/client-node';

/** The cluster's administrator, for preparing and inspecting it. The relay never gets this. */
export interface AdminClient {
  /** The object, or undefined where there is none. */
  get(path: string): Promise<unknown>;
  create(path: string, object: object): Promise<void>;
  /** A JSON merge patch, as `kubectl edit` would leave it. */
  patch(path: string, change: object, fieldManager?: string): Promise<void>;
  /** Server-side apply, as the deployment's installer does it. */
  apply(path: string, object: object): Promise<void>;
  /** A token of the service account, which is valid for so long. */
  token(namespace: string, account: string, seconds: number): Promise<string>;
  /** Whether the API server would create the object, without doing it. */
  admits(path: string, object: object): Promise<boolean>;
  remove(path: string): Promise<void>;
  /** Tells each object of a list as it is and as it changes; resolves, with what ends it, once the API server has answered. */
  watch(path: string, tell: (object: unknown) => void): Promise<() => void>;
  /** A Secret's data as text; undefined where there is no such Secret. */
  secret(namespace: string, name: string): Promise<SecretView | undefined>;
}

/** A Secret as a test or the demo looks at it. */
export interface SecretView {
  readonly type: string;
  readonly resourceVersion: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly data: Readonly<Record<string, string>>;
}

/** A client with the credentials of a kubeconfig's current context, whatever kind they are. */
export function adminClient(kubeconfig: KubeConfig): AdminClient {
  const send = async (
    method: string,
    path: string,
    body?: object,
    contentType = 'application/json',
  ): Promise<unknown> => {
    const options: RequestOptions = { method, headers: { 'content-type': contentType } };
    await kubeconfig.applyToHTTPSOptions(options);
    const { status, text } = await exchange(
      `${kubeconfig.getCurrentCluster()?.server ?? ''}${path}`,
      options,
      body,
    );
    const answer: unknown = text.startsWith('{') ? JSON.parse(text) : undefined;
    if (status === 404 && (method === 'GET' || method === 'DELETE')) return undefined;
    if (status >= 200 && status < 300) return answer;
    throw new Error(`${method} ${path} was answered ${status}: ${String(fieldsOf(answer)['message'])}`);
  };
  return {
    get: (path) => send('GET', path),
    create: async (path, object) => {
      await send('POST', path, object);
    },
    patch: async (path, change, fieldManager = 'kubectl-edit') => {
      await send('PATCH', `${path}?fieldManager=${fieldManager}`, change, 'application/merge-patch+json');
    },
    apply: async (path, object) => {
      await send(
        'PATCH',
        `${path}?fieldManager=keyrelay-installer&force=true`,
        object,
        'application/apply-patch+yaml',
      );
    },
    token: async (namespace, account, expirationSeconds) => {
      const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`;
      const kind = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest' };
      const answer = fieldsOf(await send('POST', path, { ...kind, spec: { expirationSeconds } }));
      return String(fieldsOf(answer['status'])['token']);
    },
    admits: (path, object) =>
      send('POST', `${path}?dryRun=All`, object).then(
        () => true,
        () => false,
      ),
    remove: async (path) => {
      await send('DELETE', path);
    },
    watch: async (path, tell) => {
      const options: RequestOptions = { method: 'GET' };
      await kubeconfig.applyToHTTPSOptions(options);
      return watchLines(
        `${kubeconfig.getCurrentCluster()?.server ?? ''}${path}&watch=true`,
        options,
        (line) => tell(fieldsOf(JSON.parse(line))['object']),
      );
    },
    secret: async (namespace, name) => {
      const object = await send('GET', `/api/v1/namespaces/${namespace}/secrets/${name}`);
      return object === undefined ? undefined : viewOf(object);
    },
  };
}

/** A watch answers with a line of JSON for each event (https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes). */
function watchLines(url: string, options: RequestOptions, tell: (line: string) => void): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const sent = request(url, options, (response) => {
      const ignore = (): void => undefined; // It was ended from here.
      createInterface({ input: response }).on('line', tell).on('error', ignore);
      response.on('error', ignore);
      resolve(() => void sent.destroy());
    });
    sent.on('error', reject);
    sent.end();
  });
}

function exchange(
  url: string,
  options: RequestOptions,
  body: object | undefined,
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
      );
    });
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

function viewOf(object: unknown): SecretView {
  const secret = fieldsOf(object);
  const metadata = fieldsOf(secret['metadata']);
  const data = Object.entries(stringsOf(secret['data'])).map(
    ([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')] as const,
  );
  return {
    type: String(secret['type']),
    resourceVersion: String(metadata['resourceVersion']),
    labels: stringsOf(metadata['labels']),
    annotations: stringsOf(metadata['annotations']),
    data: Object.fromEntries(data),
  };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

function stringsOf(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(fieldsOf(value)).map(([name, text]) => [name, String(text)]));
}
