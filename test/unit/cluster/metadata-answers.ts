/** `metadata` as the API server gives it for `dev/shop/db`. */
export function aMetadata(changes: object = {}): object {
  return {
    name: 'db',
    namespace: 'shop',
    uid: 'uid-1',
    resourceVersion: '100',
    creationTimestamp: '2026-01-01T00:00:00Z',
    ...changes,
  };
}

/** The answer to a request for metadata only. */
export function aMetadataObject(metadata: object = aMetadata()): object {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata };
}

/** A page of a list. */
export function aMetadataList(names: readonly string[], next?: string): object {
  return {
    kind: 'PartialObjectMetadataList',
    apiVersion: 'meta.k8s.io/v1',
    metadata: { resourceVersion: '9', ...(next === undefined ? {} : { continue: next }) },
    items: names.length === 0 ? null : names.map((name) => aMetadataObject(aMetadata({ name, uid: name }))),
  };
}
