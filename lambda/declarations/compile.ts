import type { CompiledConfig } from '../model/config.ts';
import type { Declaration, LabelSelector } from '../model/declaration.ts';
import { check, problemAt } from './check.ts';
import { readConfigFile } from './config-file.ts';
import type { Configured } from './config-file.ts';
import { conflicts } from './conflicts.ts';
import type { Located } from './conflicts.ts';
import type { Deployment } from './deployment.ts';
import { ExternalSecret } from './external-secret-schema.ts';
import { EXTERNAL_SECRET_VOCABULARY } from './external-secret-vocabulary.ts';
import { isLocal, localize, misuses } from './file-stores.ts';
import { expandFiled } from './filed-expansions.ts';
import { foreignDocument, isClusterWide } from './foreign-document.ts';
import { sortProblems } from './problems.ts';
import type { Problem } from './problems.ts';
import { toDeclaration } from './to-declaration.ts';
import { parseYaml } from './yaml-document.ts';
import type { SourceFile, YamlDocument } from './yaml-document.ts';

/** The configuration's sources: one keyrelay.yaml and any number of files with ExternalSecrets. */
export interface ConfigSources {
  readonly config: SourceFile;
  readonly declarations: readonly SourceFile[];
}

/** A configuration without a mistake. */
export interface Compiled {
  readonly kind: 'compiled';
  readonly config: CompiledConfig;
  readonly deployment: Deployment;
}

/** What the sources come to. The deployment is for the stacks; the run time does not need it. */
export type Compilation = Compiled | { readonly kind: 'invalid'; readonly problems: readonly Problem[] };

/**
 * Compiles all files into one configuration, or tells everything that is wrong with any of them: one mistake anywhere and there is no configuration,
 * because what a broken file declares would look undeclared. Pure.
 */
export function compileConfig({ config, declarations }: ConfigSources): Compilation {
  const { configured, problems } = readConfigFile(config);
  const files = declarations.map((source) => readFile(source, configured));
  const located = files.flatMap((file) => file.located);
  const all = [
    ...problems,
    ...files.flatMap((file) => file.problems),
    ...conflicts(located.filter(isCertain)),
  ];
  if (all.length > 0 || configured === undefined) return { kind: 'invalid', problems: sortProblems(all) };
  return compiled(
    configured,
    located.map(({ declaration }) => declaration),
  );
}

/** What labels of namespaces decide about, the relay looks at when they are known. */
function isCertain({ declaration }: Located): boolean {
  return declaration.selectors === undefined;
}

/** A store that reads as another for each namespace or cluster is there by those for which something is declared. */
function compiled(configured: Configured, declarations: readonly Declaration[]): Compiled {
  const { deployment, clusters, stores, settings, fileStores } = configured;
  const localized = declarations.map((declaration) => localize(declaration, fileStores));
  const made = new Map(localized.flatMap((item) => item.stores.map((store) => [store.name, store] as const)));
  return {
    kind: 'compiled',
    deployment,
    config: {
      formatVersion: 1,
      ...{ clusters, settings },
      stores: [...stores.filter(({ name }) => !isLocal(fileStores.get(name))), ...made.values()],
      declarations: localized.flatMap((item) => item.declarations),
    },
  };
}

interface FileResult {
  readonly located: readonly Located[];
  readonly problems: readonly Problem[];
}

function readFile(source: SourceFile, configured: Configured | undefined): FileResult {
  const { documents, problems } = parseYaml(source, 'DECLARATION_INVALID');
  const results = documents.map((document) => readDocument(document, configured));
  return {
    located: results.flatMap((result) => result.located),
    problems: [...problems, ...results.flatMap((result) => result.problems)],
  };
}

/** Without a configuration to check it against, a manifest is checked by itself. */
function readDocument(document: YamlDocument, configured: Configured | undefined): FileResult {
  const foreign = foreignDocument(document);
  if (foreign !== undefined) return { located: [], problems: [foreign] };
  if (isClusterWide(document)) {
    const { expansions, problems } = expandFiled(document, configured);
    const results = expansions.map((item) => readManifest(item.document, configured, item.selectors));
    return {
      located: results.flatMap((result) => result.located),
      problems: [...problems, ...results.flatMap((result) => result.problems)],
    };
  }
  return readManifest(document, configured);
}

function readManifest(
  document: YamlDocument,
  configured: Configured | undefined,
  selectors?: readonly LabelSelector[],
): FileResult {
  const checked = check(ExternalSecret, document, EXTERNAL_SECRET_VOCABULARY);
  if (checked.kind === 'problems') return { located: [], problems: checked.problems };
  if (configured === undefined) return { located: [], problems: [] };
  const result = toDeclaration(checked.value, document, configured);
  if (result.kind === 'problems') return { located: [], problems: result.problems };
  const problems = misuses(result.value, configured).map((misuse) =>
    problemAt(document, ['spec'], { code: 'DECLARATION_INVALID', ...misuse }),
  );
  const declaration = { ...result.value, ...(selectors === undefined ? {} : { selectors }) };
  return { located: [{ declaration, document }], problems };
}
