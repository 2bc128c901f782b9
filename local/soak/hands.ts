import type { AdminClient } from '../admin-client.ts';
import type { ByHand } from './checks.ts';
import { OWN_KEY } from './setting.ts';
import type { SecretId } from './setting.ts';

/** Somebody with kubectl. */
export interface Hands extends ByHand {
  /** Makes a Secret with a key of its own. */
  make(id: SecretId): Promise<void>;
  /** Gives a key a value that it never had; nothing where there is no such Secret. */
  type(id: SecretId, key?: string): Promise<void>;
  remove(id: SecretId): Promise<void>;
}

export function createHands(admin: AdminClient): Hands {
  const typed = new Map<SecretId, Map<string, string[]>>();
  const deletions = new Map<SecretId, number>();
  let values = 0;
  const note = (id: SecretId, key: string): string => {
    values += 1;
    const value = `typed-by-hand-${values}`;
    const ofSecret = typed.get(id) ?? new Map<string, string[]>();
    ofSecret.set(key, [...(ofSecret.get(key) ?? []), value]);
    typed.set(id, ofSecret);
    return value;
  };
  return {
    typed,
    deletions,
    make: async (id) => {
      const [namespace = '', name = ''] = id.split('/');
      await admin.create(`/api/v1/namespaces/${namespace}/secrets`, {
        ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name } },
        stringData: { [OWN_KEY]: note(id, OWN_KEY) },
      });
    },
    type: async (id, key = OWN_KEY) => {
      if ((await admin.get(pathOf(id))) === undefined) return;
      await admin.patch(pathOf(id), { stringData: { [key]: note(id, key) } });
    },
    remove: async (id) => {
      deletions.set(id, (deletions.get(id) ?? 0) + 1);
      await admin.remove(pathOf(id));
    },
  };
}

function pathOf(id: SecretId): string {
  const [namespace = '', name = ''] = id.split('/');
  return `/api/v1/namespaces/${namespace}/secrets/${name}`;
}
