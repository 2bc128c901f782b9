/** What a fleet is like. */
export interface Fleet {
  readonly clusters: number;
  /** In all clusters together. */
  readonly secrets: number;
  /** Secrets of Secrets Manager that they are made of. */
  readonly sources: number;
}

/** What was measured, in seconds of one whole processor: see `bench/results/`. */
export interface Measured {
  /** For each Secret that a sweep finds in sync. */
  readonly sweepProcessor: number;
  /** For each push of one Secret. */
  readonly pushProcessor: number;
}

/** What a fleet takes in a month of 30 days with hourly sweeps, each secret rotated once. */
export interface Load {
  readonly shards: number;
  /** ListSecrets, by one shard and by one sweep of all. */
  readonly listsOfShard: number;
  readonly listsOfSweep: number;
  /** The least time that a sweep of all takes, by the quota of ListSecrets. */
  readonly quotaSeconds: number;
  /** How long one shard takes, and all, so many at once. */
  readonly shardSeconds: number;
  readonly sweepSeconds: number;
}

/** A line of a month's bill. */
export interface CostLine {
  readonly what: string;
  readonly dollars: number;
}

export const SWEEPS = 720;
/** The default of the construct. */
export const SHARD_CONCURRENCY = 5;
const SHARD_SIZE = 10_000;
/** Per second, not adjustable (https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html). */
const LIST_QUOTA = 100;
/** Assumed for one ListSecrets of a page, which the emulator cannot tell. */
export const LIST_SECONDS = 0.1;
/** 1,769 MB are one processor (https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html); the functions have 1,024. */
export const PROCESSORS = 1024 / 1769;
const PER_PAGE = 100;
const NAMES_PER_CALL = 10;

/**
 * Calls of ListSecrets with which a shard learns its versions (lambda/sources/secrets-manager-survey.ts): the whole account, as long as that is no more
 * calls than asking by name; else as many pages as that, and by name what they did not hold, taken as spread evenly.
 */
export function listCalls(wanted: number, account: number): number {
  const byName = Math.ceil(wanted / NAMES_PER_CALL);
  const pages = Math.ceil(account / PER_PAGE);
  if (pages <= byName) return pages;
  const missing = wanted * (1 - (byName * PER_PAGE) / account);
  return byName + Math.ceil(missing / NAMES_PER_CALL);
}

/** What sweeps of the fleet come to. */
export function loadOf({ clusters, secrets, sources }: Fleet, { sweepProcessor }: Measured): Load {
  const perCluster = secrets / clusters;
  const shardsPerCluster = Math.ceil(perCluster / SHARD_SIZE);
  const shards = clusters * shardsPerCluster;
  const perShard = perCluster / shardsPerCluster;
  const listsOfShard = listCalls(Math.min(perShard, sources), sources);
  const listsOfSweep = shards * listsOfShard;
  // Pages follow each other; what is asked for by name runs four at a time, which is left out to be on the safe side.
  const shardSeconds = (perShard * sweepProcessor) / PROCESSORS + listsOfShard * LIST_SECONDS;
  const waves = Math.ceil(shards / SHARD_CONCURRENCY);
  const quotaSeconds = listsOfSweep / LIST_QUOTA;
  return {
    ...{ shards, listsOfShard, listsOfSweep, quotaSeconds, shardSeconds },
    sweepSeconds: Math.max(quotaSeconds, waves * shardSeconds),
  };
}

/** Prices of us-east-1 without free tiers; each with its source in docs/scaling.md. */
const PRICE = {
  secretsManagerCall: 0.05 / 10_000,
  gigabyteSecond: 0.000_013_333_4,
  lambdaRequest: 0.2 / 1_000_000,
  sqsRequest: 0.4 / 1_000_000,
  event: 1 / 1_000_000,
  kmsKey: 1,
  alarmMetric: 0.1,
  metric: 0.3,
  logGigabyte: 0.5,
} as const;

/** Three queues, five long polls of 20 s each, whatever the fleet is. */
const POLLS = 3 * 5 * ((30 * 86_400) / 20);
const LOG_BYTES_PER_WRITE = 700;

/** A month of the fleet. */
export function monthlyCost(fleet: Fleet, measured: Measured): readonly CostLine[] {
  const { shards, listsOfSweep, shardSeconds } = loadOf(fleet, measured);
  const messages = SWEEPS * (shards + fleet.clusters) + fleet.sources;
  const pushSeconds = (fleet.secrets * measured.pushProcessor) / PROCESSORS;
  return [
    { what: 'ListSecrets of sweeps', dollars: SWEEPS * listsOfSweep * PRICE.secretsManagerCall },
    // One read, and for a version that is new one that confirms it.
    { what: 'reads of what rotated', dollars: 2 * fleet.secrets * PRICE.secretsManagerCall },
    { what: 'Lambda: sweeps', dollars: SWEEPS * shards * shardSeconds * PRICE.gigabyteSecond },
    { what: 'Lambda: pushes', dollars: pushSeconds * PRICE.gigabyteSecond + messages * PRICE.lambdaRequest },
    // Each message is sent, received and deleted.
    { what: 'SQS', dollars: (POLLS + 3 * messages) * PRICE.sqsRequest },
    { what: 'events that tell of writes', dollars: fleet.secrets * PRICE.event },
    { what: 'logs of writes', dollars: ((fleet.secrets * LOG_BYTES_PER_WRITE) / 1e9) * PRICE.logGigabyte },
    { what: 'alarms, metrics, key', dollars: 23 * PRICE.alarmMetric + 20 * PRICE.metric + PRICE.kmsKey },
  ];
}
