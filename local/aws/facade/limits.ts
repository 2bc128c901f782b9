import { jsonError, membersOf } from './exchange.ts';
import type { Answer } from './exchange.ts';
import type { Operation } from './operation.ts';

const MAX_VALUE_BYTES = 65_536;

/** Refuses what AWS would and moto does not (https://docs.aws.amazon.com/secretsmanager/latest/apireference/). */
export function breaksLimit({ service, action }: Operation, body: string): Answer | undefined {
  if (service !== 'secretsmanager') return undefined;
  const members = membersOf(body);
  const { SecretIdList: ids, MaxResults: most, SecretString: text, SecretBinary: binary } = members;
  if (action === 'BatchGetSecretValue' && Array.isArray(ids) && ids.length > 20) {
    return jsonError(400, 'InvalidParameterException', 'SecretIdList takes at most 20 ids.');
  }
  if (action === 'ListSecrets' && typeof most === 'number' && most > 100) {
    return jsonError(400, 'InvalidParameterException', 'MaxResults is at most 100.');
  }
  if (typeof text === 'string' && Buffer.byteLength(text) > MAX_VALUE_BYTES) return tooLong('SecretString');
  if (typeof binary === 'string' && Buffer.byteLength(binary, 'base64') > MAX_VALUE_BYTES)
    return tooLong('SecretBinary');
  return undefined;
}

function tooLong(member: string): Answer {
  return jsonError(400, 'InvalidParameterException', `${member} is at most ${MAX_VALUE_BYTES} bytes.`);
}
