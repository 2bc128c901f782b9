import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { SSM } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll } from '@jest/globals';
import type { Service } from '../../../lambda/model/config.ts';
import { openSource } from '../../../lambda/sources/open-source.ts';
import { createApiCalls } from '../../../lambda/telemetry/api-calls.ts';
import { startAws } from '../../../local/aws/start-aws.ts';
import type { LocalAws } from '../../../local/aws/start-aws.ts';
import { silentProgress } from '../../../local/progress.ts';
import { startReaper } from '../../../local/reaper.ts';
import type { Reaper } from '../../../local/reaper.ts';
import { clientOptions } from '../../../local/relay/queues.ts';
import { describeSecretSource, describeThrottledSource } from '../../contracts/secret-source.ts';
import type { ThrottledStore } from '../../contracts/secret-source.ts';

/** Every store that the relay can open, by its real client against the emulator. */
let reaper: Reaper;
let aws: LocalAws;
let manager: SecretsManager;
let ssm: SSM;

beforeAll(async () => {
  reaper = await startReaper();
  aws = await startAws({ progress: silentProgress, reaper, region: 'eu-west-1' });
  manager = new SecretsManager(clientOptions(aws));
  ssm = new SSM(clientOptions(aws));
}, 300_000);

afterAll(async () => {
  manager.destroy();
  ssm.destroy();
  await aws.stop();
  await reaper.release();
});

function sourceOf(service: Service) {
  const { credentials, ...client } = clientOptions(aws);
  return openSource(service, {
    client: { ...client, maxAttempts: 2, credentials: () => Promise.resolve(credentials) },
    account: aws.account,
    calls: createApiCalls(),
  });
}

const tagsOf = (tags: Readonly<Record<string, string>>) =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

const secretsManager = (): ThrottledStore => ({
  source: sourceOf('SecretsManager'),
  nameOf: (word) => `contract/${word}`,
  put: async (name, value) => {
    try {
      await manager.putSecretValue({ SecretId: name, SecretString: value });
    } catch {
      await manager.createSecret({ Name: name, SecretString: value });
    }
  },
  tag: async (name, tags) => {
    await manager.tagResource({ SecretId: name, Tags: tagsOf(tags) });
  },
  remove: async (name) => {
    await manager.deleteSecret({ SecretId: name });
  },
  throttle: () => aws.chaos.throttle('GetSecretValue', 2),
});

const parameterStore = (): ThrottledStore => ({
  source: sourceOf('ParameterStore'),
  nameOf: (word) => `/contract/${word}`,
  put: async (name, value) => {
    await ssm.putParameter({ Name: name, Value: value, Type: 'SecureString', Overwrite: true });
  },
  tag: async (name, tags) => {
    await ssm.addTagsToResource({ ResourceType: 'Parameter', ResourceId: name, Tags: tagsOf(tags) });
  },
  remove: async (name) => {
    await ssm.deleteParameter({ Name: name });
  },
  throttle: () => aws.chaos.throttle('GetParameters', 2),
});

for (const [kind, start] of [
  ['Secrets Manager', secretsManager],
  ['Parameter Store', parameterStore],
] as const) {
  describeSecretSource(kind, start);
  describeThrottledSource(kind, start);
}
