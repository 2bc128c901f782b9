import type { Cluster, CompiledConfig, Store } from '../model/config.ts';
import { declarationId } from '../model/declaration.ts';
import type { Declaration } from '../model/declaration.ts';
import { LABEL } from '../contract.ts';
import { check, problemAt } from './check.ts';
import { CONFIG_VOCABULARY, ConfigFile } from './config-schema.ts';
import { EXTERNAL_SECRET_VOCABULARY, ExternalSecret } from './external-secret-schema.ts';
import { describeFound, sortProblems } from './problems.ts';
import type { Problem } from './problems.ts';
import { toDeclaration } from './to-declaration.ts';
import type { World } from './to-declaration.ts';
import { parseYaml } from './yaml-document.ts';
import type { SourceFile, YamlDocument } from './yaml-document.ts';

/** The configuration's sources: one keyrelay.yaml and any number of files with ExternalSecrets. */
export interface ConfigSources {
  readonly config: SourceFile;
  readonly declarations: readonly SourceFile[];
}

export type Compilation =
  | { readonly kind: 'compiled'; readonly config: CompiledConfig; readonly schedule: string }
  | { readonly kind: 'invalid'; readonly problems: readonly Problem[] };

interface Located {
  readonly declaration: Declaration;
  readonly document: YamlDocument;
}

/** Compiles all files into one configuration, or tells everything that is wrong with any of them. Pure. */
export function compileConfig({ config, declarations }: ConfigSources): Compilation {
  const problems: Problem[] = [];
  const file = compileConfigFile(config, problems);
  const world: World = { clusters: file?.clusters ?? [], stores: file?.stores ?? [] };
  const located = file === undefined ? [] : declarations.flatMap((source) => compileFile(source, world, problems));
  problems.push(...conflicts(located));
  if (problems.length > 0 || file === undefined) return { kind: 'invalid', problems: sortProblems(problems) };
  return {
    kind: 'compiled',
    schedule: file.schedule,
    config: { formatVersion: 1, clusters: file.clusters, stores: file.stores, settings: file.settings, declarations: located.map((item) => item.declaration) },
  };
}

interface Compiled extends Pick<CompiledConfig, 'clusters' | 'stores' | 'settings'> {
  readonly schedule: string;
}

function compileConfigFile(source: SourceFile, problems: Problem[]): Compiled | undefined {
  const { documents, problems: syntax } = parseYaml(source);
  problems.push(...syntax);
  const [document, second] = documents;
  if (second !== undefined) problems.push(problemAt(second, [], { code: 'CONFIG_INVALID', found: 'a second document', expected: 'one document' }));
  if (document === undefined) {
    if (syntax.length === 0) problems.push({ code: 'CONFIG_INVALID', file: source.path, line: 1, column: 1, path: '', found: 'an empty file', expected: 'a document of kind Config' });
    return undefined;
  }
  const checked = check(ConfigFile, document, CONFIG_VOCABULARY);
  if (checked.kind === 'problems') {
    problems.push(...checked.problems);
    return undefined;
  }
  const { clusters, stores, settings } = checked.value;
  problems.push(...twice(document, 'clusters', clusters), ...twice(document, 'stores', stores));
  const { schedule, ...limits } = settings;
  return {
    clusters: clusters.map(({ declarations: _files, roleArn, externalId, ...cluster }): Cluster => ({ ...cluster, roleArn, externalId })),
    stores: stores.map(({ name, provider }): Store => ({ name, service: provider.aws.service, region: provider.aws.region })),
    settings: limits,
    schedule,
  };
}

function twice(document: YamlDocument, list: string, items: readonly { readonly name: string }[]): readonly Problem[] {
  return items.flatMap(({ name }, index) =>
    items.findIndex((item) => item.name === name) === index
      ? []
      : [problemAt(document, [list, index, 'name'], { code: 'CONFIG_INVALID', found: `"${name}" again`, expected: 'a name that no other has' })],
  );
}

function compileFile(source: SourceFile, world: World, problems: Problem[]): readonly Located[] {
  const { documents, problems: syntax } = parseYaml(source);
  problems.push(...syntax);
  return documents.flatMap((document) => {
    const foreign = foreignKind(document);
    if (foreign !== undefined) {
      problems.push(foreign);
      return [];
    }
    const checked = check(ExternalSecret, document, EXTERNAL_SECRET_VOCABULARY);
    const result = checked.kind === 'ok' ? toDeclaration(checked.value, document, world) : checked;
    if (result.kind === 'problems') {
      problems.push(...result.problems);
      return [];
    }
    problems.push(...ownLabels(result.value, document));
    return [{ declaration: result.value, document }];
  });
}

/** Kinds and versions that people may well have, each with its own advice; then nothing else is said of the document. */
function foreignKind(document: YamlDocument): Problem | undefined {
  const fields = new Map(Object.entries(typeof document.value === 'object' && document.value !== null ? document.value : {}));
  const kind = fields.get('kind');
  const version = fields.get('apiVersion');
  if (kind === 'ExternalSecret' && version === 'external-secrets.io/v1beta1') {
    return problemAt(document, ['apiVersion'], { code: 'DECLARATION_UNSUPPORTED', found: describeFound(version), expected: '"external-secrets.io/v1": v1beta1 was removed upstream; change apiVersion, the fields are the same' });
  }
  if (kind === 'ExternalSecret' || kind === undefined) return undefined;
  return problemAt(document, ['kind'], { code: 'DECLARATION_UNSUPPORTED', found: describeFound(kind), expected: '"ExternalSecret": no other kind is supported in files yet' });
}

function ownLabels({ target }: Declaration, document: YamlDocument): readonly Problem[] {
  const owned: readonly string[] = Object.values(LABEL);
  const names = Object.keys(target.template.labels).filter((name) => owned.includes(name));
  return names.map((name) => problemAt(document, ['spec', 'target', 'template', 'metadata', 'labels', name], { code: 'DECLARATION_INVALID', found: name, expected: 'other labels: this one is the relay’s own' }));
}

/** No ExternalSecret twice in a cluster, and no two that write one Secret, unless both merge. */
function conflicts(located: readonly Located[]): readonly Problem[] {
  const names = new Map<string, Located>();
  const targets = new Map<string, Located>();
  return located.flatMap((item) => {
    const { declaration, document } = item;
    return declaration.clusters.flatMap((cluster) => {
      const same = remember(names, `${cluster}/${declarationId(declaration)}`, item);
      if (same !== undefined) return [conflict(document, ['metadata', 'name'], `ExternalSecret ${declarationId(declaration)} again`, cluster, same)];
      const other = remember(targets, `${cluster}/${declaration.namespace}/${declaration.target.name}`, item);
      if (other === undefined || (merges(declaration) && merges(other.declaration))) return [];
      return [conflict(document, ['spec', 'target', 'name'], `Secret ${declaration.namespace}/${declaration.target.name} again`, cluster, other)];
    });
  });
}

function remember(seen: Map<string, Located>, key: string, item: Located): Located | undefined {
  const earlier = seen.get(key);
  if (earlier === undefined) seen.set(key, item);
  return earlier;
}

function conflict(document: YamlDocument, path: readonly PropertyKey[], found: string, cluster: string, { document: other }: Located): Problem {
  const place = other.locate(path);
  return problemAt(document, path, { code: 'DECLARATION_CONFLICT', found: `${found} in cluster ${cluster}`, expected: `one: ${other.file}:${place.line} has it already` });
}

function merges({ target }: Declaration): boolean {
  return target.creationPolicy === 'Merge' || target.creationPolicy === 'CreateOrMerge';
}
