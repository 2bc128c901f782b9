import { afterEach, beforeAll, expect, test } from '@jest/globals';
import { createTransport } from '../../../lambda/cluster/https-transport.ts';
import type { HttpsRequest, Transport } from '../../../lambda/cluster/https-transport.ts';
import { aServerIdentity } from './certificates.ts';
import type { ServerIdentity } from './certificates.ts';
import { answering, resetting, startLoopback } from './loopback-server.ts';
import type { LoopbackServer } from './loopback-server.ts';

const forever = new AbortController().signal;
let identity: ServerIdentity;
let server: LoopbackServer;
let transport: Transport;
let timeout: AbortController;

beforeAll(async () => {
  identity = await aServerIdentity();
});

afterEach(async () => {
  transport.close();
  await server.stop();
});

async function start(ca = identity.ca): Promise<void> {
  server = await startLoopback(identity);
  timeout = new AbortController();
  transport = createTransport({ ca, connections: 2, timeout: () => timeout.signal, maxResponseBytes: 1000 });
}

function aRequest(changes: Partial<HttpsRequest> = {}): HttpsRequest {
  return {
    url: `${server.url}/path`,
    method: 'GET',
    headers: { Authorization: 'Bearer canary-5f1c' },
    body: undefined,
    ...changes,
  };
}

test('twenty requests in a row share one connection', async () => {
  await start();

  for (let n = 0; n < 20; n += 1) await transport.send(aRequest(), forever);

  expect(server.seen).toHaveLength(20);
  expect(server.connections()).toBe(1);
});

test('twenty requests at once share as many connections as are allowed', async () => {
  await start();

  await Promise.all(Array.from({ length: 20 }, () => transport.send(aRequest(), forever)));

  expect(server.seen).toHaveLength(20);
  expect(server.connections()).toBe(2);
});

test('an answer arrives with status, headers and body', async () => {
  await start();
  server.script(answering(429, { kind: 'Status' }, { 'Retry-After': '7' }));

  const response = await transport.send(aRequest(), forever);

  expect(response).toMatchObject({ status: 429, headers: { 'retry-after': '7' }, body: '{"kind":"Status"}' });
});

test.each(['POST', 'PATCH', 'DELETE'])('the body of a %s arrives', async (method) => {
  await start();

  await transport.send(aRequest({ method, body: '{"é":1}' }), forever);

  expect(server.seen).toMatchObject([{ method, body: '{"é":1}', headers: { 'content-length': '8' } }]);
});

test('a server whose certificate is of another authority gets nothing', async () => {
  const other = await aServerIdentity();
  await start(other.ca);

  const sending = transport.send(aRequest({ method: 'POST', body: 'canary-5f1c' }), forever);

  await expect(sending).rejects.toMatchObject({ kind: 'tls', request: 'not-sent' });
  expect(server.seen).toEqual([]);
});

test('an authority that cannot be read is a failure of TLS', async () => {
  await start('-----BEGIN CERTIFICATE-----\nno\n-----END CERTIFICATE-----');

  await expect(transport.send(aRequest(), forever)).rejects.toMatchObject({
    kind: 'tls',
    request: 'not-sent',
  });
});

test('a port without a server refuses before anything is sent', async () => {
  await start();
  await server.stop();

  await expect(transport.send(aRequest(), forever)).rejects.toMatchObject({
    kind: 'refused',
    request: 'not-sent',
    message: 'ECONNREFUSED',
  });
});

test('a connection that breaks before the answer leaves open what was done', async () => {
  await start();
  server.script(resetting);

  await expect(transport.send(aRequest({ method: 'POST', body: '{}' }), forever)).rejects.toMatchObject({
    kind: 'broken',
    request: 'sent',
  });
});

test('half an answer is none', async () => {
  await start();
  server.script((response, socket) => {
    response.writeHead(200, { 'Content-Length': '100' }).write('{"half":');
    setImmediate(() => socket.destroy());
  });

  await expect(transport.send(aRequest(), forever)).rejects.toMatchObject({
    kind: 'broken',
    request: 'sent',
  });
});

test('an answer without end is left at the limit', async () => {
  await start();
  server.script((response) => void response.writeHead(200).write('x'.repeat(5000)));

  await expect(transport.send(aRequest(), forever)).rejects.toMatchObject({
    kind: 'too-large',
    request: 'sent',
  });
});

test('a server that does not answer in time is left', async () => {
  await start();
  server.script(() => timeout.abort());

  await expect(transport.send(aRequest(), forever)).rejects.toMatchObject({
    kind: 'timeout',
    message: 'no answer',
    request: 'sent',
  });
});

test('a request that found no connection in time was not sent', async () => {
  await start();
  timeout.abort();

  await expect(transport.send(aRequest(), forever)).rejects.toMatchObject({
    kind: 'timeout',
    message: 'no connection',
    request: 'not-sent',
  });
});

test('the caller can end a request, and that is no timeout', async () => {
  await start();
  const caller = new AbortController();
  server.script(() => caller.abort());

  await expect(transport.send(aRequest(), caller.signal)).rejects.toMatchObject({ kind: 'aborted' });
});

test('idle connections can be dropped, and the next request opens another', async () => {
  await start();
  await transport.send(aRequest(), forever);

  transport.dropIdle();
  await transport.send(aRequest(), forever);

  expect(server.connections()).toBe(2);
});

test('a transport that is closed finishes what was sent', async () => {
  await start();
  server.script((response) => {
    transport.close();
    response.end('{}');
  });

  await expect(transport.send(aRequest(), forever)).resolves.toMatchObject({ status: 200 });
});

test('no error repeats what was sent', async () => {
  await start();
  server.script(resetting);

  const error: unknown = await transport
    .send(aRequest({ method: 'POST', body: 'canary-5f1c' }), forever)
    .catch((thrown: unknown) => thrown);

  expect(error).toBeInstanceOf(Error);
  expect(`${String(error)}${JSON.stringify(error)}`).not.toContain('canary-5f1c');
});
