import type { SourceChange } from '../model/change.ts';

/** What an event of CloudTrail means for the Secrets that hold the value. */
export type Meaning = SourceChange['kind'] | 'nothing';

/**
 * Every event name that Secrets Manager has, by what it means
 * (https://docs.aws.amazon.com/secretsmanager/latest/userguide/cloudtrail_log_entries.html).
 *
 * | names                                         | meaning   | why                                                          |
 * |-----------------------------------------------|-----------|--------------------------------------------------------------|
 * | Put/Update/Create, stage moves, RotationSucceeded | value | AWSCURRENT, or another stage that is declared, may have moved |
 * | deletion, restoration, replication            | lifecycle | the secret may have gone or come back                        |
 * | tags                                          | metadata  | tags select secrets                                          |
 * | reads, policies, RotateSecret, RotationStarted, ... | nothing | the value is as it was                                   |
 */
export const MEANING: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ...names(
    'value',
    'PutSecretValue',
    'UpdateSecret',
    'UpdateSecretVersionStage',
    'CreateSecret',
    'RotationSucceeded',
  ),
  ...names(
    'lifecycle',
    'DeleteSecret',
    'RestoreSecret',
    'StartSecretVersionDelete',
    'CancelSecretVersionDelete',
    'EndSecretVersionDelete',
    'SecretVersionDeletion',
  ),
  ...names(
    'lifecycle',
    'ReplicateSecretToRegions',
    'RemoveRegionsFromReplication',
    'StopReplicationToReplica',
    'ReplicationSucceeded',
  ),
  ...names('metadata', 'TagResource', 'UntagResource'),
  // The value has not changed yet, or not at all.
  ...names(
    'nothing',
    'RotateSecret',
    'CancelRotateSecret',
    'RotationStarted',
    'RotationAbandoned',
    'RotationFailed',
  ),
  ...names(
    'nothing',
    'TestRotationStarted',
    'TestRotationSucceeded',
    'TestRotationFailed',
    'ReplicationStarted',
    'ReplicationFailed',
  ),
  ...names(
    'nothing',
    'GetSecretValue',
    'BatchGetSecretValue',
    'DescribeSecret',
    'ListSecrets',
    'ListSecretVersionIds',
    'GetRandomPassword',
  ),
  ...names(
    'nothing',
    'GetResourcePolicy',
    'PutResourcePolicy',
    'DeleteResourcePolicy',
    'ValidateResourcePolicy',
  ),
]);

function names(meaning: Meaning, ...all: readonly string[]): readonly (readonly [string, Meaning])[] {
  return all.map((name) => [name, meaning]);
}
