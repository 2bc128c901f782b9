import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQS } from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';
import { systemClock } from './clock.ts';
import { createClusterSecrets } from './cluster/cluster-secrets.ts';
import { ENV } from './contract.ts';
import { loadCompiled } from './declarations/load-compiled.ts';
import { RelayError } from './errors.ts';
import type { CompiledConfig } from './model/config.ts';
import type { SqsCalls } from './queue/sqs-queue.ts';
import type { Ports } from './relay/ports.ts';
import { sourceByStore } from './sources/by-store.ts';
import { createTracing } from './telemetry/tracing.ts';

/** What a function needs, made once per cold start. */
export interface Runtime {
  readonly config: CompiledConfig;
  readonly ports: Ports;
  readonly sqs: SqsCalls;
  /** URLs. */
  readonly queues: { readonly pushQueue: string; readonly shardQueue: string; readonly deadLetterQueue: string };
}

const Environment = z.object({
  [ENV.config]: z._default(z.string().check(z.minLength(1)), fileURLToPath(new URL('config.json', import.meta.url))),
  [ENV.pushQueue]: z.url(),
  [ENV.shardQueue]: z.url(),
  [ENV.deadLetterQueue]: z.url(),
  AWS_XRAY_DAEMON_ADDRESS: z.optional(z.string()),
});
