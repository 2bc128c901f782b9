import type {
  BatchGetSecretValueCommandInput,
  DescribeSecretCommandInput,
  GetSecretValueCommandInput,
  ListSecretsCommandInput,
} from '@aws-sdk/client-secrets-manager';
import type { SecretsManagerCalls } from '../../lambda/sources/secrets-manager.ts';

export interface FakeSecret {
  readonly name: string;
  readonly value: string | Uint8Array;
  readonly versionId?: string;
  readonly stages?: readonly string[];
  readonly tags?: Readonly<Record<string, string>>;
  readonly deleted?: boolean;
}

/** An error as the AWS SDK throws it. */
export function awsError(name: string, message = 'canary-5f1c', status = 400): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } });
}

const ACCOUNT = ':111122223333:';
const arnOf = (name: string): string => `arn:aws:secretsmanager:eu-west-1:111122223333:secret:${name}-AbCdEf`;

/** Secrets Manager in memory, at the SDK's boundary: it knows names, ARNs, stages, versions, batches, pages and errors. */
export class FakeSecretsManager implements SecretsManagerCalls {
  readonly secrets: FakeSecret[] = [];
  /** What reading a secret throws, by name. */
  readonly broken = new Map<string, Error>();
  /** What every batch throws. */
  batchError: Error | undefined;
  pageSize = 20;
  readonly calls: string[] = [];

  add(...secrets: readonly FakeSecret[]): this {
    this.secrets.push(...secrets);
    return this;
  }

  getSecretValue({ SecretId = '', VersionStage = 'AWSCURRENT', VersionId }: GetSecretValueCommandInput) {
    this.calls.push(`get ${SecretId}`);
    const candidates = this.#find(SecretId);
    const secret = candidates.find(({ versionId = 'v1', stages = ['AWSCURRENT'] }) =>
      VersionId === undefined ? stages.includes(VersionStage) : VersionId === versionId,
    );
    const broken = this.broken.get(secret?.name ?? SecretId);
    if (broken !== undefined) return Promise.reject(broken);
    return secret === undefined
      ? Promise.reject(awsError('ResourceNotFoundException'))
      : Promise.resolve({ ...this.#answer(secret), CreatedDate: new Date(1000) });
  }

  batchGetSecretValue({ SecretIdList = [], NextToken }: BatchGetSecretValueCommandInput) {
    this.calls.push(`batch ${SecretIdList.length}`);
    if (this.batchError !== undefined) return Promise.reject(this.batchError);
    if (SecretIdList.length > 20) return Promise.reject(awsError('InvalidParameterException'));
    const from = Number(NextToken ?? 0);
    const page = SecretIdList.slice(from, from + this.pageSize);
    const found = page.map((id) => ({
      id,
      secret: this.#find(id)[0],
      error: this.broken.get(this.#find(id)[0]?.name ?? id),
    }));
    return Promise.resolve({
      SecretValues: found.flatMap(({ secret, error }) =>
        secret === undefined || error !== undefined
          ? []
          : [{ ...this.#answer(secret), CreatedDate: new Date(1) }],
      ),
      Errors: found.flatMap(({ id, secret, error }) => {
        if (error !== undefined) return [{ SecretId: id, ErrorCode: error.name, Message: error.message }];
        return secret === undefined
          ? [{ SecretId: id, ErrorCode: 'ResourceNotFoundException', Message: 'not found' }]
          : [];
      }),
      ...(from + this.pageSize < SecretIdList.length ? { NextToken: String(from + this.pageSize) } : {}),
    });
  }

  describeSecret({ SecretId = '' }: DescribeSecretCommandInput) {
    this.calls.push(`describe ${SecretId}`);
    const [secret] = this.#find(SecretId);
    if (secret === undefined) return Promise.reject(awsError('ResourceNotFoundException'));
    const { versionId = 'v1', stages = ['AWSCURRENT'], tags = {}, deleted = false } = secret;
    return Promise.resolve({
      VersionIdsToStages: { v0: ['AWSPREVIOUS'], [versionId]: [...stages] },
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      LastChangedDate: new Date(2000),
      ...(deleted ? { DeletedDate: new Date(3000) } : {}),
    });
  }

  /** One page per `pageSize`; what list throws stands in `broken` as `list` and the page's token. */
  listSecrets({ Filters = [], NextToken = '0' }: ListSecretsCommandInput) {
    this.calls.push(`list ${Filters.map(({ Key, Values }) => `${String(Key)}=${String(Values)}`).join()}`);
    const broken = this.broken.get(`list ${NextToken}`);
    if (broken !== undefined) return Promise.reject(broken);
    const from = Number(NextToken);
    const names = Filters.find(({ Key }) => Key === 'name')?.Values;
    const listed = this.secrets.filter(
      ({ name, deleted = false }) => !deleted && (names?.some((start) => name.startsWith(start)) ?? true),
    );
    return Promise.resolve({
      SecretList: listed
        .slice(from, from + this.pageSize)
        .map(({ name, versionId = 'v1', stages = ['AWSCURRENT'], tags = {} }) => ({
          Name: name,
          ARN: arnOf(name),
          Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
          SecretVersionsToStages: { v0: ['AWSPREVIOUS'], [versionId]: [...stages] },
        })),
      ...(from + this.pageSize < listed.length ? { NextToken: String(from + this.pageSize) } : {}),
    });
  }

  #find(id: string): readonly FakeSecret[] {
    return this.secrets.filter(
      // Whatever the account: a test that names another one has its secrets here too.
      ({ name }) => [name, arnOf(name), arnOf(name).slice(0, -7)].includes(id.replace(/:\d{12}:/u, ACCOUNT)),
    );
  }

  #answer({ name, value, versionId = 'v1' }: FakeSecret) {
    const payload = typeof value === 'string' ? { SecretString: value } : { SecretBinary: value };
    return { ARN: arnOf(name), Name: name, VersionId: versionId, ...payload };
  }
}
