import type { EventPattern as CdkEventPattern } from 'aws-cdk-lib/aws-events';
import type { Deployment } from '../lambda/declarations/deployment.ts';
import { storeDeployment } from '../lambda/declarations/deployment.ts';
import { MEANING } from '../lambda/events/cloudtrail-names.ts';
import type { CompiledConfig, Service } from '../lambda/model/config.ts';
import { sourcesOf } from '../lambda/model/declaration.ts';
import type { SourceRef } from '../lambda/model/declaration.ts';
import { NAMING } from '../lambda/model/naming.ts';
import { allowancesFor } from './access/services-used.ts';

/** An event pattern (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html). */
export interface EventPattern {
  readonly account: readonly string[];
  readonly source: readonly string[];
  readonly 'detail-type': readonly string[];
  readonly detail: Readonly<Record<string, readonly unknown[]>>;
}

/** Characters of a pattern (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html); some room for the rest of it. */
const MAX_NAMES = 1500;
/** Moves of these tell nothing: no event is sent for them, and AWSPREVIOUS moves with AWSCURRENT. */
const SILENT_STAGES: readonly string[] = ['AWSPENDING', 'AWSPREVIOUS'];

export interface PatternOptions {
  readonly config: CompiledConfig;
  readonly deployment: Deployment;
  /** Accounts whose events are taken. */
  readonly accounts: readonly string[];
}

/**
 * The native event, sent without any trail when a version stage moves: AWSCURRENT, and every other stage that is declared, or any that tells
 * something where what clusters declare is not known here
 * (https://docs.aws.amazon.com/secretsmanager/latest/userguide/event-detail-secret-label-updated-secretsmanager.html).
 */
function labelUpdatedPattern({ config, deployment, accounts }: PatternOptions): EventPattern {
  const stages = referencesTo('SecretsManager', config)
    .map(({ version }) => version)
    .filter((version) => !version.startsWith('uuid/') && !SILENT_STAGES.includes(version));
  return {
    account: accounts,
    source: ['aws.secretsmanager'],
    'detail-type': ['Secret Label Updated'],
    detail: {
      labelUpdated: clustersDeclare(config)
        ? [{ 'anything-but': SILENT_STAGES }]
        : [...new Set(['AWSCURRENT', ...stages])].toSorted(),
      ...nameFilter('SecretsManager', config, deployment),
    },
  };
}

/**
 * Parameter Store's own event, on a best-effort basis: a parameter was made, changed, deleted, or got a label, which matters where one is
 * declared or could be (https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-cwe.html).
 */
function parameterChangePattern({ config, deployment, accounts }: PatternOptions): EventPattern {
  const labels = clustersDeclare(config) || labelsAreDeclared(config);
  return {
    account: accounts,
    source: ['aws.ssm'],
    'detail-type': ['Parameter Store Change'],
    detail: {
      operation: ['Create', 'Delete', ...(labels ? ['LabelParameterVersion'] : []), 'Update'],
      ...nameFilter('ParameterStore', config, deployment),
    },
  };
}

function clustersDeclare({ clusters }: CompiledConfig): boolean {
  return clusters.some(({ declarations = 'files' }) => declarations !== 'files');
}

function labelsAreDeclared(config: CompiledConfig): boolean {
  return referencesTo('ParameterStore', config).some(({ version }) => !/^(AWSCURRENT|\d+)$/u.test(version));
}

/**
 * What only CloudTrail tells, where a trail records management events: deletion, restoration, tags; and the API calls that move a value,
 * as a fallback. Calls that failed changed nothing (https://docs.aws.amazon.com/secretsmanager/latest/userguide/cloudtrail_log_entries.html).
 */
function cloudTrailPattern({ accounts }: Pick<PatternOptions, 'accounts'>): EventPattern {
  const names = [...MEANING].filter(([, meaning]) => meaning !== 'nothing').map(([name]) => name);
  return {
    account: accounts,
    source: ['aws.secretsmanager'],
    'detail-type': ['AWS API Call via CloudTrail', 'AWS Service Event via CloudTrail'],
    detail: {
      eventSource: ['secretsmanager.amazonaws.com'],
      eventName: names.toSorted(),
      errorCode: [{ exists: false }],
    },
  };
}

/**
 * The stores' name patterns, the declared names, and what objects of clusters may name: events of others then wake nobody. Too many for a
 * pattern: no filter.
 */
function nameFilter(
  service: Service,
  config: CompiledConfig,
  deployment: Deployment,
): { readonly name?: readonly unknown[] } {
  const stores = config.stores.filter((store) => store.service === service);
  const patterns = stores.flatMap((store) => storeDeployment(deployment, store).secrets);
  const allowed = allowancesFor(service, config).flatMap(({ secrets }) => secrets);
  const declared = referencesTo(service, config)
    .flatMap(({ key }) => NAMING[service].candidates(key))
    .filter((id) => !id.startsWith('arn:'));
  const names = [...new Set([...patterns, ...allowed, ...declared])].toSorted();
  const filter = names
    .filter((name) => !names.some((other) => other !== name && covers(other, name)))
    .map((name) => (name.endsWith('*') ? { prefix: name.slice(0, -1) } : name));
  return filter.length === 0 || JSON.stringify(filter).length > MAX_NAMES ? {} : { name: filter };
}

function covers(pattern: string, name: string): boolean {
  return pattern.endsWith('*') && name.startsWith(pattern.slice(0, -1));
}

/** What files declare of a service. */
function referencesTo(service: Service, { declarations, stores }: CompiledConfig): readonly SourceRef[] {
  const names = new Set(stores.filter((store) => store.service === service).map(({ name }) => name));
  return declarations.flatMap(sourcesOf).filter(({ store }) => names.has(store));
}

/** A rule for changes, by its logical id. */
export interface ChangeRule {
  readonly id: string;
  readonly description: string;
  readonly pattern: EventPattern;
}

/** The rules for the events of some services. */
export function changeRules(services: readonly Service[], options: PatternOptions): readonly ChangeRule[] {
  return services.flatMap((service): readonly ChangeRule[] => {
    switch (service) {
      case 'SecretsManager':
        return [
          {
            id: 'LabelUpdated',
            description: 'Keyrelay: a version stage of a secret moved',
            pattern: labelUpdatedPattern(options),
          },
          {
            id: 'CloudTrail',
            description: 'Keyrelay: what CloudTrail tells of secrets',
            pattern: cloudTrailPattern(options),
          },
        ];
      case 'ParameterStore':
        return [
          {
            id: 'ParameterChange',
            description: 'Keyrelay: a parameter changed',
            pattern: parameterChangePattern(options),
          },
        ];
    }
  });
}

/** A pattern as CDK spells it. */
export function patternProps(pattern: EventPattern): CdkEventPattern {
  return {
    account: [...pattern.account],
    source: [...pattern.source],
    detailType: [...pattern['detail-type']],
    detail: pattern.detail,
  };
}
