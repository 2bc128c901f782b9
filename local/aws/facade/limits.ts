import { jsonError, membersOf } from './exchange.ts';
import type { Answer } from './exchange.ts';

const MAX_VALUE_BYTES = 65_536;

/** Refuses what AWS would and moto does not (https://docs.aws.amazon.com/secretsmanager/latest/apireference/). */
export function breaksLimit(action: string, body: string): Answer | undefined {
  const members = membersOf(body);
  const { SecretIdList: ids, MaxResults: most, SecretString: value } = members;
  if (action === 'BatchGetSecretValue' && Array.isArray(ids) && ids.length > 20) {
    return jsonError(400, 'InvalidParameterException', 'SecretIdList takes at most 20 ids.');
  }
  if (action === 'ListSecrets' && typeof most === 'number' && most > 100) {
    return jsonError(400, 'InvalidParameterException', 'MaxResults is at most 100.');
  }
  if (typeof value === 'string' && Buffer.byteLength(value) > MAX_VALUE_BYTES) {
    return jsonError(400, 'InvalidParameterException', `SecretString is at most ${MAX_VALUE_BYTES} bytes.`);
  }
  return undefined;
}
