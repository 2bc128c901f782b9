import type { SourceRef, DataFromItem, DataItem, KeyOptions, ValueOptions } from '../model/declaration.ts';
import type { Store } from '../model/config.ts';
import { NAMING } from '../model/naming.ts';
import type { FindQuery } from '../model/source.ts';
import type { Rewrite } from '../model/value-options.ts';
import type { ExternalSecret } from './external-secret-schema.ts';
import type { Report } from './own-annotations.ts';
import { formatPath, quote } from './problems.ts';
import type { Find, RemoteRef, Rewrite as RewriteField } from './remote-ref-schema.ts';
import { checkExpression, checkTemplate } from './source-texts.ts';
import { storeOf } from './store-of.ts';
import type { World } from './store-of.ts';

type Spec = ExternalSecret['spec'];
type Path = readonly PropertyKey[];

/** `spec.dataFrom` and `spec.data`, with every default filled in; what is wrong with them is reported. */
export function itemsOf(
  { spec }: ExternalSecret,
  world: World,
  report: Report,
): { readonly dataFrom: readonly DataFromItem[]; readonly data: readonly DataItem[] } {
  const dataFrom = spec.dataFrom.flatMap((item, index) =>
    dataFromItem(item, ['spec', 'dataFrom', index], { spec, world, report }),
  );
  const data = spec.data.map(({ secretKey, remoteRef, sourceRef }, index): DataItem => {
    const path = ['spec', 'data', index];
    const store = storeOf({ sourceRef, path }, spec.secretStoreRef, world, report);
    return {
      secretKey,
      ref: refOf(remoteRef, store, [...path, 'remoteRef'], report),
      property: propertyOf(remoteRef.property),
      ...valueOptions(remoteRef),
    };
  });
  if (spec.dataFrom.length + spec.data.length === 0)
    report(['spec'], 'neither data nor dataFrom', 'at least one item in one of them');
  reportDuplicates(data, report);
  return { dataFrom, data };
}

interface Context {
  readonly spec: Spec;
  readonly world: World;
  readonly report: Report;
}

function dataFromItem(
  item: Spec['dataFrom'][number],
  path: Path,
  { spec, world, report }: Context,
): readonly DataFromItem[] {
  const { extract, find, sourceRef } = item;
  if ((extract === undefined) === (find === undefined)) {
    report(
      path,
      extract === undefined ? 'neither extract nor find' : 'extract and find',
      'one of extract, find',
    );
    return [];
  }
  const store = storeOf({ sourceRef, path }, spec.secretStoreRef, world, report);
  const rewrite = item.rewrite.flatMap((step, index) => rewriteOf(step, [...path, 'rewrite', index], report));
  const keys = (strategy: 'Default' | 'Unicode'): KeyOptions => ({
    ...(strategy === 'Unicode' ? { conversion: strategy } : {}),
    ...(rewrite.length === 0 ? {} : { rewrite }),
  });
  if (find !== undefined) {
    const query = queryOf(find, store, [...path, 'find'], report);
    return [{ kind: 'find', query, ...valueOptions(find), ...keys(find.conversionStrategy) }];
  }
  if (extract === undefined) return [];
  return [
    {
      kind: 'extract',
      ref: refOf(extract, store, [...path, 'extract'], report),
      property: propertyOf(extract.property),
      ...valueOptions(extract),
      ...keys(extract.conversionStrategy),
    },
  ];
}

function valueOptions({ decodingStrategy, nullBytePolicy }: RemoteRef | Find): ValueOptions {
  return {
    ...(decodingStrategy === 'None' ? {} : { decoding: decodingStrategy }),
    ...(nullBytePolicy === 'Ignore' ? {} : { nullBytes: nullBytePolicy }),
  };
}

function refOf(ref: RemoteRef, store: Store | undefined, path: Path, report: Report): SourceRef {
  const prefix = ref.key.startsWith('arn:') ? '' : (store?.prefix ?? '');
  const key = prefix + ref.key;
  if (store !== undefined) checkRef(key, ref.version, store, path, report);
  return {
    store: store?.name ?? '',
    key,
    version: ref.version,
    ...(ref.metadataPolicy === 'Fetch' ? { metadata: 'Fetch' as const } : {}),
  };
}

/** What the service of the store decides about key and version. */
function checkRef(key: string, version: string, store: Store, path: Path, report: Report): void {
  const naming = NAMING[store.service];
  const arn = naming.parseArn(key);
  if (arn !== undefined && arn.region !== store.region)
    report(
      [...path, 'key'],
      `a secret of ${arn.region}`,
      `one of ${store.region}, where store ${store.name} reads`,
    );
  checkFormat('key', key, store, path, report);
  checkFormat('version', version, store, path, report);
}

function checkFormat(
  field: 'key' | 'version' | 'path',
  text: string,
  { name, service }: Store,
  path: Path,
  report: Report,
): void {
  const { pattern, expected } = NAMING[service][field];
  if (!pattern.test(text))
    report([...path, field], quote(text), `${expected} (store ${name} is a ${service})`);
}

/** A find reads what it finds, so how far it may look is not for the declaration alone to say: the store must have patterns. */
function queryOf(find: Find, store: Store | undefined, path: Path, report: Report): FindQuery {
  const { path: beginning, tags } = find;
  const expression = find.name?.regexp;
  const name = expression === '' ? undefined : expression;
  if (name === undefined && Object.keys(tags).length === 0)
    report(path, 'neither name.regexp nor tags', 'at least one of them');
  if (name !== undefined) checkExpression(name, [...path, 'name', 'regexp'], report);
  if (store !== undefined && beginning !== undefined) checkFormat('path', beginning, store, path, report);
  if (store !== undefined && (store.secrets ?? []).length === 0)
    report(
      path,
      `store ${store.name}, whose secrets have no limit`,
      'a store with name patterns in stores[].secrets',
    );
  return {
    store: store?.name ?? '',
    ...(beginning === undefined ? {} : { path: beginning }),
    ...(name === undefined ? {} : { name }),
    tags,
  };
}

function rewriteOf(
  { regexp, transform, merge }: RewriteField,
  path: Path,
  report: Report,
): readonly Rewrite[] {
  const steps: readonly (Rewrite | undefined)[] = [
    regexp && { kind: 'regexp', ...regexp },
    transform && { kind: 'transform', ...transform },
    merge && { kind: 'merge', ...merge },
  ];
  const given = steps.filter((step) => step !== undefined);
  if (given.length !== 1)
    report(
      path,
      given.length === 0 ? 'no operation' : 'several operations',
      'one of regexp, transform, merge',
    );
  if (regexp !== undefined) checkExpression(regexp.source, [...path, 'regexp', 'source'], report);
  if (transform !== undefined) checkTemplate(transform.template, [...path, 'transform', 'template'], report);
  if (merge?.strategy === 'JSON' && merge.into === '')
    report([...path, 'merge'], 'strategy JSON without into', 'into, the key that takes the result');
  return given;
}

function reportDuplicates(data: readonly { readonly secretKey: string }[], report: Report): void {
  const first = new Map<string, number>();
  data.forEach(({ secretKey }, index) => {
    const earlier = first.get(secretKey);
    if (earlier === undefined) first.set(secretKey, index);
    else
      report(
        ['spec', 'data', index, 'secretKey'],
        quote(secretKey),
        `another key than ${formatPath(['spec', 'data', earlier])} has`,
      );
  });
}

function propertyOf(property: string | undefined): string | undefined {
  return property === '' ? undefined : property;
}
