import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import type { LocalAws } from '../aws/start-aws.ts';
import { clientOptions } from '../relay/queues.ts';
import { valueOf } from './setting.ts';

/** The secrets of a soak, at their source. */
export interface Sources {
  /** Makes version 0 of each. */
  make(names: readonly string[]): Promise<void>;
  rotate(name: string, how: 'put' | 'staged'): Promise<void>;
  rollBack(name: string, to: number): Promise<void>;
  close(): void;
}

const CURRENT = 'AWSCURRENT';

/** As the emulator's administrator, whom no fault troubles. */
export function openSources(aws: LocalAws, seed: number): Sources {
  const manager = new SecretsManager(clientOptions(aws));
  /** Ids of the versions of each secret, by their number. */
  const versions = new Map<string, string[]>();
  const current = new Map<string, string>();
  const move = async (name: string, id: string | undefined): Promise<void> => {
    if (id === undefined) throw new Error(`${name} has no such version`);
    await manager.updateSecretVersionStage({
      ...{ SecretId: name, VersionStage: CURRENT, MoveToVersionId: id },
      RemoveFromVersionId: current.get(name),
    });
    current.set(name, id);
  };
  return {
    make: async (names) => {
      for (const name of names) {
        const made = await manager.createSecret({ Name: name, SecretString: valueOf(seed, name, 0) });
        versions.set(name, [made.VersionId ?? '']);
        current.set(name, made.VersionId ?? '');
      }
    },
    rotate: async (name, how) => {
      const known = versions.get(name) ?? [];
      const put = await manager.putSecretValue({
        ...{ SecretId: name, SecretString: valueOf(seed, name, known.length) },
        VersionStages: [how === 'put' ? CURRENT : 'AWSPENDING'],
      });
      const id = put.VersionId ?? '';
      versions.set(name, [...known, id]);
      if (how === 'put') current.set(name, id);
      else await move(name, id);
    },
    rollBack: async (name, to) => await move(name, versions.get(name)?.[to]),
    close: () => manager.destroy(),
  };
}
