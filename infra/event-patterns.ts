import type { EventPattern as CdkEventPattern } from 'aws-cdk-lib/aws-events';
import type { Deployment } from '../lambda/declarations/deployment.ts';
import { storeDeployment } from '../lambda/declarations/deployment.ts';
import { MEANING } from '../lambda/events/cloudtrail-names.ts';
import type { CompiledConfig } from '../lambda/model/config.ts';
import { sourcesOf } from '../lambda/model/declaration.ts';
import { parseSecretArn } from '../lambda/model/secret-ids.ts';

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
export function labelUpdatedPattern({ config, deployment, accounts }: PatternOptions): EventPattern {
  const stages = config.declarations
    .flatMap((declaration) => sourcesOf(declaration).map(({ version }) => version))
    .filter((version) => !version.startsWith('uuid/') && !SILENT_STAGES.includes(version));
  const declares = config.clusters.some(({ declarations = 'files' }) => declarations !== 'files');
  const names = nameFilter(config, deployment);
  return {
    account: accounts,
    source: ['aws.secretsmanager'],
    'detail-type': ['Secret Label Updated'],
    detail: {
      labelUpdated: declares
        ? [{ 'anything-but': SILENT_STAGES }]
        : [...new Set(['AWSCURRENT', ...stages])].toSorted(),
      ...(names === undefined ? {} : { name: names }),
    },
  };
}

/**
 * What only CloudTrail tells, where a trail records management events: deletion, restoration, tags; and the API calls that move a value,
 * as a fallback. Calls that failed changed nothing (https://docs.aws.amazon.com/secretsmanager/latest/userguide/cloudtrail_log_entries.html).
 */
export function cloudTrailPattern({ accounts }: Pick<PatternOptions, 'accounts'>): EventPattern {
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
 * The stores' name patterns, where each has some, and what objects of clusters may name: events of other secrets then wake nobody. Too many
 * for a pattern: no filter.
 */
function nameFilter(config: CompiledConfig, deployment: Deployment): readonly unknown[] | undefined {
  const stores = config.stores.map((store) => storeDeployment(deployment, store).secrets);
  const elsewhere = config.declarations.some((declaration) =>
    sourcesOf(declaration).some(
      ({ key }) => (parseSecretArn(key)?.account ?? deployment.account) !== deployment.account,
    ),
  );
  if (elsewhere || stores.some((patterns) => patterns.length === 0)) return undefined;
  const allowed = config.clusters.flatMap(({ allow = [] }) => allow.flatMap(({ secrets }) => secrets));
  const patterns = [...new Set([...stores.flat(), ...allowed])].toSorted();
  if (patterns.join().length > MAX_NAMES) return undefined;
  return patterns.map((pattern) => (pattern.endsWith('*') ? { prefix: pattern.slice(0, -1) } : pattern));
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
