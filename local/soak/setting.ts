/** A Secret that is declared: each of its sources becomes the key of its name. */
export interface DeclaredSecret {
  readonly namespace: string;
  readonly name: string;
  readonly sources: readonly string[];
  /** `Merge`: it is somebody's, with the key `own`, and only the sources' keys in it are the relay's. */
  readonly policy: 'Owner' | 'Merge';
}

/** `namespace/name` of a Secret. */
export type SecretId = string;

/** Where a soak takes place; always the same. */
export interface Setting {
  readonly namespaces: readonly string[];
  readonly sources: readonly string[];
  readonly declared: ReadonlyMap<SecretId, DeclaredSecret>;
  /** Secrets that nobody declares. */
  readonly beside: readonly SecretId[];
}

/** The key that people have in Secrets of their own. */
export const OWN_KEY = 'own';

const SOURCES = ['soak-0', 'soak-1', 'soak-2', 'soak-3', 'soak-4', 'soak-5'] as const;

/** Each source in a Secret of its own and in two that it shares, so that one change comes to several places and is read alone and by batch. */
export const SETTING: Setting = {
  namespaces: ['alone', 'shared'],
  sources: SOURCES,
  declared: new Map(
    SOURCES.flatMap((source, n): DeclaredSecret[] => [
      { namespace: 'alone', name: `single-${n}`, sources: [source], policy: 'Owner' },
      {
        ...{ namespace: 'shared', name: `pair-${n}`, policy: 'Owner' },
        sources: [source, SOURCES[(n + 1) % SOURCES.length] ?? source],
      },
      ...(n < 2
        ? [{ namespace: 'shared', name: `merged-${n}`, sources: [source], policy: 'Merge' } as const]
        : []),
    ]).map((secret) => [`${secret.namespace}/${secret.name}`, secret]),
  ),
  beside: ['alone/beside-0', 'alone/beside-1', 'shared/beside-0', 'shared/beside-1'],
};

/**
 * The value of a source's n-th version. It begins with `canaryOf`, so that whoever finds no beginning has found no value.
 */
export function valueOf(seed: number, source: string, version: number): string {
  return `${canaryOf(seed)}${source}-version-${version}`;
}

/** With what every value of a soak begins. */
export function canaryOf(seed: number): string {
  return `canary-not-a-secret-${seed}-`;
}
