import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import type { AdminClient, SecretView } from '../admin-client.ts';
import { clientOptions } from '../relay/queues.ts';
import type { LocalRelay } from '../relay/start-relay.ts';
import type { LocalAws } from '../aws/start-aws.ts';
import { demoConfig } from './demo-config.ts';
import { duration, masked } from './screen.ts';
import type { Screen } from './screen.ts';

export interface Stage {
  readonly aws: LocalAws;
  readonly admin: AdminClient;
  readonly relay: LocalRelay;
  readonly namespace: string;
}

/** The values are made up here and used nowhere else. */
const SECRETS = {
  'demo/db': { username: 'shop', password: 'fake-password-1' },
  'demo/payment': { key: 'fake-key', endpoint: 'https://payment.example' },
  'demo/legacy': { token: 'fake-token' },
} as const;

const WAIT_MS = 60_000;

/** Puts the secrets into Secrets Manager that the declarations reference. */
export async function createSources(aws: LocalAws): Promise<void> {
  const manager = new SecretsManager(clientOptions(aws));
  for (const [Name, value] of Object.entries(SECRETS))
    await manager.createSecret({ Name, SecretString: JSON.stringify(value) });
  manager.destroy();
}

/** What the relay is for, step by step, on real parts. */
export async function tellStory({ aws, admin, relay, namespace }: Stage, screen: Screen): Promise<void> {
  const manager = new SecretsManager(clientOptions(aws));
  const secret = (name: string): Promise<SecretView | undefined> => admin.secret(namespace, name);

  await screen.step('The first reconcile creates the Secrets that are declared', async () => {
    await relay.sweep();
    const names = ['db', 'payment', 'legacy'];
    const views = await Promise.all(names.map(secret));
    return views.map((view, index) => `secret/${names[index] ?? ''} created: ${keysOf(view)}`);
  });

  await screen.step('A rotation in Secrets Manager arrives by its event', async () => {
    const value = JSON.stringify({ ...SECRETS['demo/db'], password: 'fake-password-2-rotated' });
    const started = performance.now();
    await manager.putSecretValue({ SecretId: 'demo/db', SecretString: value });
    const view = await until(
      () => secret('db'),
      (found) => found?.data['password'] === 'fake-password-2-rotated',
    );
    return [
      `secret/db updated ${duration(performance.now() - started)} after the call that rotated it: password ${masked(view?.data['password'] ?? '')}`,
      `it now holds version ${versionOf(view)}`,
    ];
  });

  await screen.step('A Secret that somebody edited by hand is repaired', async () => {
    const broken = Buffer.from('edited-by-hand').toString('base64');
    await admin.patch(`/api/v1/namespaces/${namespace}/secrets/payment`, {
      data: { key: broken, extra: broken },
    });
    await relay.sweep();
    const view = await secret('payment');
    const repaired = view?.data['key'] === SECRETS['demo/payment'].key && view.data['extra'] === undefined;
    return [
      `kubectl edit changed key and added extra; the sweep ${repaired ? 'put back the one and removed the other' : 'DID NOT REPAIR IT'}: ${keysOf(view)}`,
    ];
  });

  await screen.step('A declaration that was removed is cleaned up', async () => {
    await relay.redeploy(demoConfig({ namespace, without: ['legacy'] }));
    await relay.sweep();
    return [
      `secret/legacy is ${(await secret('legacy')) === undefined ? 'deleted: nobody declares it any more' : 'STILL THERE'}`,
    ];
  });

  await screen.step('A broken declaration is reported while the rest succeeds', async () => {
    await relay.redeploy(demoConfig({ namespace, without: ['legacy'], alsoFiles: ['broken.yaml'] }));
    const before = relay.output().length;
    await manager.putSecretValue({
      SecretId: 'demo/db',
      SecretString: JSON.stringify({ ...SECRETS['demo/db'], password: 'fake-password-3' }),
    });
    await until(
      () => secret('db'),
      (found) => found?.data['password'] === 'fake-password-3',
    );
    await relay.settled();
    return [
      'secret/db updated all the same; for the other the log says:',
      ...reasons(relay.output().slice(before)),
    ];
  });
  manager.destroy();
}

function keysOf(view: SecretView | undefined): string {
  if (view === undefined) return 'NOT THERE';
  return Object.entries(view.data)
    .map(([key, value]) => `${key} ${masked(value)}`)
    .join(', ');
}

function versionOf(view: SecretView | undefined): string {
  return /"id":"([^"]+)"/u.exec(view?.annotations['keyrelay.dev/versions'] ?? '')?.[1] ?? 'unknown';
}

/** The reasons of the failures in a log. */
function reasons(log: string): readonly string[] {
  return [
    ...new Set(
      [...log.matchAll(/"level":"ERROR".*?"reason":"((?:[^"\\]|\\.)*)"/gu)].map(([, reason = '']) =>
        String(JSON.parse(`"${reason}"`)),
      ),
    ),
  ];
}

/** Looks until something is there; not for ever. */
export async function until<T>(
  look: () => Promise<T>,
  isThere: (found: T) => boolean,
  everyMs = 5,
): Promise<T> {
  const end = performance.now() + WAIT_MS;
  for (;;) {
    const found = await look();
    if (isThere(found)) return found;
    if (performance.now() > end)
      throw new Error('what the demo waits for did not happen; see the log of the functions');
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
