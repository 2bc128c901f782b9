import type { Credentials } from '../../../lambda/model/identity.ts';

export function someCredentials(changes: Partial<Credentials> = {}): Credentials {
  return {
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: 'fake',
    sessionToken: undefined,
    expiration: undefined,
    ...changes,
  };
}
