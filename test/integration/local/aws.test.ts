import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { EKS } from '@aws-sdk/client-eks';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { STS } from '@aws-sdk/client-sts';
import { randomUUID } from 'node:crypto';
import { startAws } from '../../../local/aws/start-aws.ts';
import type { LocalAws } from '../../../local/aws/start-aws.ts';
import { silentProgress } from '../../../local/progress.ts';
import { startReaper } from '../../../local/reaper.ts';
import type { Reaper } from '../../../local/reaper.ts';

const ROLE = 'arn:aws:iam::123456789012:role/some-role';
const MARKED_FOR_DELETION =
  "You can't perform this operation on the secret because it was marked for deletion.";

let reaper: Reaper;
let aws: LocalAws;
let secrets: SecretsManager;
let sts: STS;
let id: string;

beforeAll(async () => {
  reaper = await startReaper();
  aws = await startAws({ progress: silentProgress, reaper, region: 'eu-west-1' });
  // One attempt, so that a refusal is seen and not outlasted.
  const client = {
    endpoint: aws.endpoint,
    region: aws.region,
    maxAttempts: 1,
    credentials: { accessKeyId: 'AKIALOCAL', secretAccessKey: 'any' },
  };
  secrets = new SecretsManager(client);
  sts = new STS(client);
});

afterAll(async () => {
  secrets.destroy();
  sts.destroy();
  await aws.stop();
  await reaper.release();
});

beforeEach(() => {
  id = `test/${randomUUID()}`;
});

describe('a rotation', () => {
  test('makes the pending version the current one, and the current one the previous', async () => {
    const { VersionId: first = '' } = await secrets.createSecret({ Name: id, SecretString: 'fake-1' });
    const second = await putPending('fake-2');

    await moveCurrent(first, second);

    expect(await secrets.getSecretValue({ SecretId: id })).toMatchObject({
      VersionId: second,
      SecretString: 'fake-2',
    });
    const { SecretValues: batch } = await secrets.batchGetSecretValue({ SecretIdList: [id] });
    expect(batch).toMatchObject([{ VersionId: second, SecretString: 'fake-2' }]);
    expect(await stagesOf()).toMatchObject({
      [first]: ['AWSPREVIOUS'],
      [second]: ['AWSPENDING', 'AWSCURRENT'],
    });
  });

  test('that is followed by a change by hand leaves one current version', async () => {
    const { VersionId: first = '' } = await secrets.createSecret({ Name: id, SecretString: 'fake-1' });
    const second = await putPending('fake-2');
    await moveCurrent(first, second);

    const { VersionId: third = '' } = await secrets.putSecretValue({ SecretId: id, SecretString: 'fake-3' });

    const stages = await stagesOf();
    expect(Object.keys(stages).filter((version) => stages[version]?.includes('AWSCURRENT'))).toEqual([third]);
    expect(stages[second]).toEqual(['AWSPREVIOUS']);
  });

  test('can be rolled back', async () => {
    const { VersionId: first = '' } = await secrets.createSecret({ Name: id, SecretString: 'fake-1' });
    const { VersionId: second = '' } = await secrets.putSecretValue({ SecretId: id, SecretString: 'fake-2' });

    await moveCurrent(second, first);

    expect(await secrets.getSecretValue({ SecretId: id })).toMatchObject({
      VersionId: first,
      SecretString: 'fake-1',
    });
  });
});

describe('a version', () => {
  test('is dated to the millisecond, the same by whatever call it is read', async () => {
    const start = Date.now();
    await secrets.createSecret({ Name: id, SecretString: 'fake-1' });
    const end = Date.now();

    const { CreatedDate: single } = await secrets.getSecretValue({ SecretId: id });
    const { SecretValues: [batched] = [] } = await secrets.batchGetSecretValue({ SecretIdList: [id] });

    expect(single?.getTime()).toBeGreaterThanOrEqual(start);
    expect(single?.getTime()).toBeLessThanOrEqual(end);
    expect(batched?.CreatedDate).toEqual(single);
  });
});

describe('a secret that waits for its deletion', () => {
  beforeEach(async () => {
    await secrets.createSecret({ Name: id, SecretString: 'fake-1' });
    await secrets.deleteSecret({ SecretId: id, RecoveryWindowInDays: 7 });
  });

  test('gives no value, in AWS’s words', async () => {
    await expect(secrets.getSecretValue({ SecretId: id })).rejects.toMatchObject({
      name: 'InvalidRequestException',
      message: MARKED_FOR_DELETION,
    });
  });

  test('is an error of its own in a batch', async () => {
    const { SecretValues, Errors } = await secrets.batchGetSecretValue({ SecretIdList: [id] });

    expect(SecretValues).toEqual([]);
    expect(Errors).toEqual([
      { SecretId: id, ErrorCode: 'InvalidRequestException', Message: MARKED_FOR_DELETION },
    ]);
  });

  test('takes no value and leaves its name taken', async () => {
    await expect(secrets.putSecretValue({ SecretId: id, SecretString: 'fake-2' })).rejects.toMatchObject({
      name: 'InvalidRequestException',
      message: MARKED_FOR_DELETION,
    });
    await expect(secrets.createSecret({ Name: id, SecretString: 'fake-2' })).rejects.toMatchObject({
      name: 'InvalidRequestException',
    });
  });

  test('is as before once it is restored', async () => {
    await secrets.restoreSecret({ SecretId: id });

    expect(await secrets.getSecretValue({ SecretId: id })).toMatchObject({ SecretString: 'fake-1' });
  });
});

describe('a limit', () => {
  test.each([
    { limit: 'ids in a batch', call: () => secrets.batchGetSecretValue({ SecretIdList: ids(21) }) },
    { limit: 'secrets in a page', call: () => secrets.listSecrets({ MaxResults: 101 }) },
    {
      limit: 'bytes of text',
      call: () => secrets.createSecret({ Name: id, SecretString: 'é'.repeat(32_769) }),
    },
    {
      limit: 'bytes',
      call: () => secrets.createSecret({ Name: id, SecretBinary: new Uint8Array(65_537) }),
    },
  ])('of $limit is kept', async ({ call }) => {
    await expect(call()).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  test('can be reached', async () => {
    await secrets.createSecret({ Name: id, SecretString: 'x'.repeat(65_536) });
    const { Errors } = await secrets.batchGetSecretValue({ SecretIdList: [id, ...ids(19)] });

    expect(Errors).toHaveLength(19);
  });
});

describe('trouble on request', () => {
  test('throttles as often as was asked for, in the shape of each protocol', async () => {
    await secrets.createSecret({ Name: id, SecretString: 'fake-1' });
    aws.chaos.throttle('GetSecretValue', 1);
    aws.chaos.throttle('AssumeRole', 1);

    await expect(secrets.getSecretValue({ SecretId: id })).rejects.toMatchObject({
      name: 'ThrottlingException',
    });
    await expect(sts.assumeRole({ RoleArn: ROLE, RoleSessionName: 's' })).rejects.toMatchObject({
      name: 'ThrottlingException',
    });
    await expect(secrets.getSecretValue({ SecretId: id })).resolves.toMatchObject({ SecretString: 'fake-1' });
  });

  test.each([
    { by: 'name', idOf: (arn: string, name: string) => name },
    { by: 'ARN', idOf: (arn: string) => arn },
  ])('makes reads stale, single and in a batch, for a secret told by $by', async ({ idOf }) => {
    const { VersionId: first, ARN = '' } = await secrets.createSecret({ Name: id, SecretString: 'fake-1' });
    await secrets.putSecretValue({ SecretId: id, SecretString: 'fake-2' });
    aws.chaos.stale(idOf(ARN, id), 2);

    const stale = { VersionId: first, SecretString: 'fake-1', VersionStages: ['AWSCURRENT'] };
    expect(await secrets.getSecretValue({ SecretId: id })).toMatchObject(stale);
    expect(await secrets.batchGetSecretValue({ SecretIdList: [ARN] })).toMatchObject({
      SecretValues: [stale],
    });
    expect(await secrets.getSecretValue({ SecretId: id })).toMatchObject({ SecretString: 'fake-2' });
  });

  test('leaves a read of a version by its id alone', async () => {
    await secrets.createSecret({ Name: id, SecretString: 'fake-1' });
    const { VersionId } = await secrets.putSecretValue({ SecretId: id, SecretString: 'fake-2' });
    aws.chaos.stale(id, 1);

    expect(await secrets.getSecretValue({ SecretId: id, VersionId })).toMatchObject({
      SecretString: 'fake-2',
    });
  });

  test('counts calls by service and action', async () => {
    await secrets.createSecret({ Name: id, SecretString: 'fake-1' });
    aws.chaos.resetCalls();

    await secrets.getSecretValue({ SecretId: id });
    await secrets.putSecretValue({ SecretId: id, SecretString: 'fake-2' });
    await secrets.getSecretValue({ SecretId: id });

    expect(Object.fromEntries(aws.chaos.calls())).toEqual({
      'secretsmanager:GetSecretValue': 2,
      'secretsmanager:PutSecretValue': 1,
    });
  });
});

describe('credentials of a role', () => {
  test('are those of the role, and their secret is known to whoever verifies a signature', async () => {
    const credentials = await aws.assumeRole(ROLE, 'some-session');

    const caller = new STS({ endpoint: aws.endpoint, region: aws.region, credentials });
    const { Arn } = await caller.getCallerIdentity();
    caller.destroy();

    expect(Arn).toBe('arn:aws:sts::123456789012:assumed-role/some-role/some-session');
    expect(aws.secretFor(credentials.accessKeyId) === credentials.secretAccessKey).toBe(true);
    expect(aws.secretFor('AKIAUNKNOWN')).toBeUndefined();
  });
});

describe('a cluster', () => {
  test.each([
    { asked: 'local', region: 'us-east-1', found: true },
    { asked: 'local', region: 'eu-west-1', found: false },
    { asked: 'other', region: 'us-east-1', found: false },
  ])('that is registered in us-east-1 is found there only: $asked in $region: $found', async (row) => {
    aws.registerCluster({
      name: 'local',
      region: 'us-east-1',
      endpoint: 'https://127.0.0.1:6443',
      caData: 'Y2E=',
    });
    const credentials = { accessKeyId: 'AKIALOCAL', secretAccessKey: 'any' };
    const eks = new EKS({ endpoint: aws.endpoint, region: row.region, credentials });

    const described = await eks.describeCluster({ name: row.asked }).catch((failure: unknown) => failure);
    eks.destroy();

    expect(described).toMatchObject(
      row.found
        ? {
            cluster: {
              name: 'local',
              arn: 'arn:aws:eks:us-east-1:123456789012:cluster/local',
              status: 'ACTIVE',
              endpoint: 'https://127.0.0.1:6443',
              certificateAuthority: { data: 'Y2E=' },
              accessConfig: { authenticationMode: 'API' },
            },
          }
        : { name: 'ResourceNotFoundException', message: `No cluster found for name: ${row.asked}.` },
    );
  });
});

async function putPending(value: string): Promise<string> {
  const { VersionId = '' } = await secrets.putSecretValue({
    SecretId: id,
    SecretString: value,
    VersionStages: ['AWSPENDING'],
  });
  return VersionId;
}

async function moveCurrent(from: string, to: string): Promise<void> {
  await secrets.updateSecretVersionStage({
    SecretId: id,
    VersionStage: 'AWSCURRENT',
    RemoveFromVersionId: from,
    MoveToVersionId: to,
  });
}

async function stagesOf(): Promise<Readonly<Record<string, readonly string[]>>> {
  const { VersionIdsToStages = {} } = await secrets.describeSecret({ SecretId: id });
  return VersionIdsToStages;
}

function ids(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `test/none-${n}`);
}
