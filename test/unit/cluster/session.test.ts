import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { EksCalls } from '../../../lambda/cluster/eks-endpoint.ts';
import { openSession } from '../../../lambda/cluster/session.ts';
import type { KubeRequest, Session, SessionOptions } from '../../../lambda/cluster/session.ts';
import { RelayError } from '../../../lambda/errors.ts';
import { FakeClock } from '../../support/fakes.ts';
import { until } from '../../support/until.ts';
import { aServerIdentity } from './certificates.ts';
import type { ServerIdentity } from './certificates.ts';
import { aCluster } from '../../support/builders.ts';
import { someCredentials } from './clusters.ts';
import { answering, resetting, startLoopback } from './loopback-server.ts';
import type { LoopbackServer } from './loopback-server.ts';
import { CANARY } from './statuses.ts';

const forever = new AbortController().signal;
const asked = { where: 'dev/shop/db', namespace: 'shop' };
const read: KubeRequest = {
  asked: { ...asked, verb: 'get' },
  method: 'GET',
  path: '/api/v1/x?y=1',
  headers: { Accept: 'application/json' },
};
const write: KubeRequest = {
  asked: { ...asked, verb: 'patch' },
  method: 'PATCH',
  path: '/api/v1/x',
  headers: {},
  body: `{"data":"${CANARY}"}`,
};

let identity: ServerIdentity;
let server: LoopbackServer;
let session: Session;
let clock: FakeClock;
/** What EKS says, and how often it was asked. */
let eks: { url: string; ca: string; asked: number };

beforeAll(async () => {
  identity = await aServerIdentity();
});

beforeEach(async () => {
  clock = new FakeClock();
  server = await startLoopback(identity);
  eks = { url: server.url, ca: identity.ca, asked: 0 };
  open();
});

afterEach(async () => {
  session.close();
  await server.stop();
});

function open(changes: Partial<SessionOptions> = {}): void {
  session = openSession({
    cluster: aCluster(),
    credentials: () => Promise.resolve(someCredentials()),
    eks: () => Promise.resolve(described()),
    clock,
    random: () => 0.5,
    userAgent: 'keyrelay/test',
    timeoutMs: 60_000,
    connections: 4,
    ...changes,
  });
}

/** An EKS that says what it is told to. */
function described(): EksCalls {
  return {
    describeCluster: () => {
      eks.asked += 1;
      const certificateAuthority = { data: Buffer.from(eks.ca).toString('base64') };
      return Promise.resolve({ cluster: { endpoint: eks.url, status: 'ACTIVE', certificateAuthority } });
    },
  };
}

function pass(seconds: number): void {
  clock.time = new Date(clock.time.getTime() + seconds * 1000);
}

/** What was thrown, as everything that a log could show of it. */
async function failureOf(sending: Promise<unknown>): Promise<string> {
  const thrown: unknown = await sending.then(
    () => 'no failure',
    (failure: unknown) => failure,
  );
  return thrown instanceof Error ? `${thrown.stack ?? ''} ${JSON.stringify(thrown)}` : String(thrown);
}

describe('a request', () => {
  test('arrives with the relay’s name and a token for the cluster', async () => {
    await session.send(read, forever);

    expect(server.seen).toMatchObject([
      {
        method: 'GET',
        path: '/api/v1/x?y=1',
        headers: {
          accept: 'application/json',
          'user-agent': 'keyrelay/test',
          authorization: expect.stringMatching(/^Bearer k8s-aws-v1\./u),
        },
      },
    ]);
  });

  test('of many needs one connection, one description and one token', async () => {
    for (let n = 0; n < 20; n += 1) await session.send(read, forever);

    expect(server.connections()).toBe(1);
    expect(eks.asked).toBe(1);
    expect(new Set(server.seen.map(({ headers }) => headers.authorization)).size).toBe(1);
  });

  test('that is answered with a failure gives that answer: what it means is not decided here', async () => {
    server.script(answering(409, { reason: 'Conflict' }));

    expect((await session.send(write, forever)).status).toBe(409);
    expect(server.seen).toHaveLength(1);
  });
});

test('each request that is sent is told of, repeats included, and none that a deadline keeps back', async () => {
  let told = 0;
  open({ onRequest: () => (told += 1) });
  server.script(answering(429), answering(401), answering(200));

  expect((await session.send(read, forever)).status).toBe(200);
  await expect(session.send(read, AbortSignal.abort())).rejects.toMatchObject({ code: 'DEADLINE' });

  expect([told, server.seen.length]).toEqual([3, 3]);
});

describe('a token that is refused', () => {
  test('is replaced once, and the request sent again', async () => {
    await session.send(read, forever);
    pass(1);
    server.script(answering(401), answering(200));

    expect((await session.send(write, forever)).status).toBe(200);

    const tokens = server.seen.map(({ headers }) => headers.authorization);
    expect(tokens[1]).toBe(tokens[0]);
    expect(tokens[2]).not.toBe(tokens[1]);
  });

  test('twice gives the refusal', async () => {
    server.script(answering(401));

    expect((await session.send(read, forever)).status).toBe(401);
    expect(server.seen).toHaveLength(2);
  });
});

describe('a busy API server', () => {
  test.each([
    { what: 'read', request: read },
    { what: 'write', request: write },
  ])('is given the time that it asks for, then the $what is sent again', async ({ request }) => {
    server.script(answering(429, {}, { 'Retry-After': '2' }), answering(200));

    expect((await session.send(request, forever)).status).toBe(200);
    expect(clock.slept).toEqual([2000]);
  });

  test('is left after four tries', async () => {
    server.script(answering(429));

    expect((await session.send(read, forever)).status).toBe(429);
    expect(server.seen).toHaveLength(4);
    expect(clock.slept).toEqual([200, 400, 800]);
  });

  test('is not waited for beyond the deadline', async () => {
    const deadline = new AbortController();
    server.script((response, socket) => {
      answering(429)(response, socket);
      response.on('finish', () => deadline.abort());
    });

    await expect(session.send(read, deadline.signal)).rejects.toMatchObject({ code: 'DEADLINE' });
    expect(server.seen).toHaveLength(1);
  });
});

describe('the pace', () => {
  const list: KubeRequest = { ...read, asked: { ...asked, verb: 'list' } };
  /** Sends so many together, answers none until this many have come, and tells how many have. */
  const together = async (count: number, awaited: number): Promise<number> => {
    const waiting: (() => void)[] = [];
    let most = 0;
    let open = false;
    const answerAll = (): void => {
      most = waiting.length;
      open = true;
      waiting.splice(0).forEach((answer) => answer());
    };
    server.script((response, socket) => {
      const answer = (): void => answering(200)(response, socket);
      if (open) answer();
      // Time for one too many to come.
      else if (waiting.push(answer) === awaited) setTimeout(answerAll, 50);
    });
    await Promise.all(Array.from({ length: count }, () => session.send(read, forever)));
    return most;
  };

  test('is as fast as there are connections, until the API server turns requests away', async () => {
    expect(await together(8, 4)).toBe(4);

    server.script(answering(429), answering(200));
    await session.send(read, forever);

    expect(await together(8, 2)).toBe(2);
  });

  test('is not slowed down by lists, which take long because they are long', async () => {
    const slowly = (seconds: number) => (): void => {
      server.script((response, socket) => {
        pass(seconds);
        answering(200)(response, socket);
      });
    };
    await session.send(read, forever);
    slowly(5)();
    for (let n = 0; n < 20; n += 1) await session.send(list, forever);

    expect(await together(8, 4)).toBe(4);
  });
});

describe('a connection that breaks', () => {
  test('during a read: it is read again', async () => {
    server.script(resetting, answering(200));

    expect((await session.send(read, forever)).status).toBe(200);
    expect(server.seen).toHaveLength(2);
  });

  test('during a write: it is not written again, because it may have been done', async () => {
    server.script(resetting, answering(200));

    const failure = await failureOf(session.send(write, forever));

    expect(failure).toContain('WRITE_UNCERTAIN: dev/shop/db');
    expect(failure).not.toContain(CANARY);
    expect(failure).not.toContain('k8s-aws-v1');
    expect(server.seen).toHaveLength(1);
  });

  test('while nobody looks: after a pause a write opens another', async () => {
    await session.send(read, forever);
    pass(61);

    expect((await session.send(write, forever)).status).toBe(200);
    expect(server.connections()).toBe(2);
  });
});

describe('a cluster that does not answer', () => {
  test('is unreachable after four tries, and EKS was asked once', async () => {
    await server.stop();

    await expect(session.send(write, forever)).rejects.toMatchObject({ code: 'CLUSTER_UNREACHABLE' });
    expect(clock.slept).toHaveLength(3);
    expect(eks.asked).toBe(1);
  });

  test('in time has a timeout', async () => {
    open({ timeoutMs: 50 });
    server.script(() => undefined);

    await expect(session.send(read, forever)).rejects.toMatchObject({ code: 'CLUSTER_TIMEOUT' });
    expect(clock.slept).toEqual([]);
  });
});

describe('a cluster that was silent', () => {
  const silent = { code: 'CLUSTER_SILENT', retryable: true, clusterWide: true };

  const meetSilence = async (): Promise<void> => {
    open({ timeoutMs: 50 });
    server.script(() => undefined);
    await expect(session.send(read, forever)).rejects.toMatchObject({ code: 'CLUSTER_TIMEOUT' });
  };

  test('is not asked again for some seconds, and what is refused says how long', async () => {
    await meetSilence();
    pass(2);

    await expect(session.send(write, forever)).rejects.toMatchObject({ ...silent, retryAfterMs: 3000 });
    expect(server.seen).toHaveLength(1);
  });

  test('is asked by one request then, and by all once that is answered', async () => {
    const lookUps = [Promise.reject(new RelayError('CLUSTER_TIMEOUT', 'x')), Promise.resolve(described())];
    open({ eks: () => lookUps.shift() ?? Promise.resolve(described()) });
    await expect(session.send(read, forever)).rejects.toMatchObject({ code: 'CLUSTER_TIMEOUT' });
    pass(5);
    let release = (): void => undefined;
    server.script((response, socket) => {
      release = () => answering(200)(response, socket);
    }, answering(200));

    const probe = session.send(read, forever);
    await until(() => Promise.resolve(server.seen.length === 1));
    await expect(session.send(read, forever)).rejects.toMatchObject(silent);
    release();

    expect((await probe).status).toBe(200);
    expect((await session.send(read, forever)).status).toBe(200);
  });

  test('costs one look-up of EKS where that is what does not answer', async () => {
    let lookedUp = 0;
    const describeCluster = (_input: unknown, { abortSignal }: { abortSignal: AbortSignal }) => {
      lookedUp += 1;
      return new Promise<never>((_resolve, reject) => {
        abortSignal.addEventListener('abort', () => reject(new Error('aborted')));
      });
    };
    open({ timeoutMs: 50, eks: () => Promise.resolve({ describeCluster }) });

    await expect(session.send(read, forever)).rejects.toMatchObject({ code: 'CLUSTER_TIMEOUT' });
    await expect(session.send(read, forever)).rejects.toMatchObject(silent);
    expect(lookedUp).toBe(1);
  });

  test('for a write is still read: an admission webhook may hang, and the API server not', async () => {
    open({ timeoutMs: 50 });
    server.script(() => undefined, answering(200));

    await expect(session.send(write, forever)).rejects.toMatchObject({ code: 'WRITE_UNCERTAIN' });
    expect((await session.send(read, forever)).status).toBe(200);
  });
});

describe('an endpoint that moved', () => {
  test('is found again through EKS, for a write too: nothing was sent to the old one', async () => {
    await session.send(read, forever);
    await server.stop();
    server = await startLoopback(identity);
    eks.url = server.url;
    pass(61);

    expect((await session.send(write, forever)).status).toBe(200);
    expect(eks.asked).toBe(2);
    expect(clock.slept).toEqual([]);
  });
});

describe('a certificate of another authority', () => {
  test('that EKS knows by now is trusted after asking again', async () => {
    await session.send(read, forever);
    const rotated = await aServerIdentity();
    await server.stop();
    server = await startLoopback(rotated);
    eks = { ...eks, url: server.url, ca: rotated.ca };
    pass(61);

    expect((await session.send(write, forever)).status).toBe(200);
  });

  test('that EKS does not know gets no token', async () => {
    eks.ca = (await aServerIdentity()).ca;

    const failure = await failureOf(session.send(write, forever));

    expect(failure).toContain('CLUSTER_TLS: dev/shop/db');
    expect(failure).not.toContain('k8s-aws-v1');
    expect(server.seen).toEqual([]);
  });
});

test('a request whose time is over is not sent', async () => {
  await expect(session.send(read, AbortSignal.abort())).rejects.toMatchObject({ code: 'DEADLINE' });
  expect(server.seen).toEqual([]);
});
