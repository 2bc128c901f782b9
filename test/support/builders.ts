import { ANNOTATION, FIELD_MANAGER, LABEL, MANAGED_BY } from '../../lambda/contract.ts';
import { RelayError } from '../../lambda/errors.ts';
import type { Cluster } from '../../lambda/model/config.ts';
import { sourceId } from '../../lambda/model/declaration.ts';
import type {
  DataItem,
  Declaration,
  DeclarationTarget,
  ExtractItem,
  SourceRef,
} from '../../lambda/model/declaration.ts';
import { fieldsDigest } from '../../lambda/model/fields-digest.ts';
import type { DeclaredKind, DeclaredObject } from '../../lambda/model/declared-object.ts';
import type { Inputs, SourceResult } from '../../lambda/model/source.ts';
import type { Observed } from '../../lambda/model/target.ts';
import { Sensitive } from '../../lambda/sensitive.ts';

/** Builders: each gives a complete, plain example, of which a test changes only what it is about. */

export function aCluster(changes: Partial<Cluster> = {}): Cluster {
  return {
    name: 'dev',
    region: 'eu-west-1',
    account: '111122223333',
    roleArn: undefined,
    externalId: undefined,
    namespaces: ['shop'],
    labels: {},
    ...changes,
  };
}

export function aRef(key = 'shop/db', version = 'AWSCURRENT'): SourceRef {
  return { store: 'aws', key, version };
}

export function anItem(secretKey: string, property?: string, ref = aRef()): DataItem {
  return { secretKey, ref, property };
}

export function anExtract(property?: string, ref = aRef()): ExtractItem {
  return { kind: 'extract', ref, property };
}

interface DeclarationChanges extends Partial<Omit<Declaration, 'target'>> {
  readonly target?: Partial<DeclarationTarget>;
}

export function aDeclaration({ target, ...changes }: DeclarationChanges = {}): Declaration {
  return {
    namespace: 'shop',
    name: 'db',
    clusters: ['dev'],
    takeOver: false,
    dataFrom: [],
    data: [anItem('password')],
    digest: 'digest-1',
    ...changes,
    target: {
      name: 'db',
      creationPolicy: 'Owner',
      deletionPolicy: 'Retain',
      template: { type: undefined, labels: {}, annotations: {} },
      ...target,
    },
  };
}

/** The object of a cluster that a declaration came from. */
export function anOrigin(kind: DeclaredKind, name: string, namespace = ''): DeclaredObject {
  return {
    ref: { cluster: 'dev', kind, namespace, name },
    uid: `uid-of-${name}`,
    generation: 1,
    resourceVersion: '1',
    version: '1-',
    status: { conditions: [] },
    statusWriters: { relay: undefined, other: undefined },
  };
}

/** A version that was created on the n-th day of January 2026. */
export function aVersion(n: number): { readonly id: string; readonly created: Date } {
  return { id: `version-${n}`, created: new Date(Date.UTC(2026, 0, n)) };
}

export function aText(text: string, ref = aRef(), version = aVersion(1)): SourceResult {
  return { kind: 'value', value: { ref, version, payload: { kind: 'text', text: new Sensitive(text) } } };
}

export function someBytes(bytes: Uint8Array, ref = aRef(), version = aVersion(1)): SourceResult {
  return { kind: 'value', value: { ref, version, payload: { kind: 'binary', bytes: new Sensitive(bytes) } } };
}

export function aFailure(code: RelayError['code']): SourceResult {
  return { kind: 'failure', error: new RelayError(code, 'as the test says') };
}

export function theResults(...results: readonly (readonly [SourceRef, SourceResult])[]): Inputs {
  const values = new Map(results.map(([ref, result]) => [sourceId(ref), result]));
  return { values, finds: new Map(), objects: new Map() };
}

/** A Secret as the relay leaves it for `aDeclaration()` with version 1 of its source. */
export function aManagedSecret(changes: Partial<Observed> = {}): Observed {
  return {
    uid: 'uid-1',
    resourceVersion: '100',
    labels: { [LABEL.managedBy]: MANAGED_BY },
    annotations: {
      [ANNOTATION.declaration]: 'shop/db',
      [ANNOTATION.declarationDigest]: 'digest-1',
      [ANNOTATION.versions]: JSON.stringify({
        'aws:shop/db': { id: aVersion(1).id, created: aVersion(1).created.toISOString() },
      }),
      [ANNOTATION.creationPolicy]: 'Owner',
      [ANNOTATION.fields]: fieldsDigest({ keys: ['password'], labels: [LABEL.managedBy], annotations: [] }),
    },
    keyOwners: new Map([['password', new Set([FIELD_MANAGER])]]),
    metadataOwners: {
      labels: new Map([[LABEL.managedBy, new Set([FIELD_MANAGER])]]),
      annotations: new Map(),
    },
    writtenAt: new Date('2026-01-01T00:00:00Z'),
    ownerReferences: [],
    terminating: false,
    ...changes,
  };
}

/** A Secret that Helm made. */
export function aForeignSecret(): Observed {
  return aManagedSecret({
    labels: { [LABEL.managedBy]: 'Helm' },
    annotations: {},
    keyOwners: new Map([
      ['password', new Set(['helm'])],
      ['note', new Set(['helm'])],
    ]),
  });
}

/** The data of a rendered or written Secret as text, for assertions. */
export function textOf(data: ReadonlyMap<string, Sensitive<Uint8Array>>): Record<string, string> {
  return Object.fromEntries([...data].map(([key, value]) => [key, new TextDecoder().decode(value.reveal())]));
}

/** The Secret of `aDeclaration()` as External Secrets Operator leaves it. */
export function anEsoSecret(changes: Partial<Observed> = {}): Observed {
  return aManagedSecret({
    labels: {
      'reconcile.external-secrets.io/managed': 'true',
      'reconcile.external-secrets.io/created-by': '5cb53bbbf776b3913df48671d8f6ea51a705aac7e8938ae122b52eba',
    },
    annotations: { 'reconcile.external-secrets.io/data-hash': 'fake' },
    keyOwners: new Map([['password', new Set(['externalsecrets.external-secrets.io/db'])]]),
    metadataOwners: { labels: new Map(), annotations: new Map() },
    writtenAt: undefined,
    esoWrittenAt: new Date('2026-01-05T11:50:00Z'),
    ...changes,
  });
}
