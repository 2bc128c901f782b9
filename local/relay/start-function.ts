import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const HOST = fileURLToPath(new URL('lambda-process.mjs', import.meta.url));

export interface FunctionOptions {
  readonly name: string;
  /** Path of the bundled `index.mjs`. */
  readonly bundle: string;
  /** The whole environment of the process: nothing of this one's leaks into it. */
  readonly env: Readonly<Record<string, string>>;
}

/** A bundled function in a process of its own, as Lambda runs it. */
export interface LocalFunction {
  /** Time that importing the bundle took, in ms. */
  readonly initMs: number;
  /** Rejects where the handler throws. */
  invoke(event: unknown, timeoutMs?: number): Promise<unknown>;
  /** All that it has written to standard output and standard error. */
  output(): string;
  /** The most memory that was resident so far, as of the last invocation, in bytes. */
  memory(): number;
  /** The processor's time that the process took so far, as of the last invocation, in seconds: what waiting for others does not count in. */
  processor(): number;
  /** Whether an invocation is not answered yet. */
  busy(): boolean;
  stop(): Promise<void>;
}

type Message =
  | { readonly kind: 'ready'; readonly initMs: number }
  | {
      readonly kind: 'result';
      readonly id: string;
      readonly result: unknown;
      readonly memory: number;
      readonly cpu: NodeJS.CpuUsage;
    }
  | { readonly kind: 'error'; readonly id: string; readonly message: string };

/** Starts the function and waits until its bundle is loaded. */
export async function startFunction({ name, bundle, env }: FunctionOptions): Promise<LocalFunction> {
  const child = fork(HOST, [bundle], {
    env: { ...env, AWS_LAMBDA_FUNCTION_NAME: name },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const pending = new Map<string, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let output = '';
  let memory = 0;
  let processor = 0;
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  const initMs = await new Promise<number>((resolve, reject) => {
    child.once('exit', (code) =>
      reject(new Error(`${name} ended with ${code ?? 'a signal'} before it was ready:\n${output}`)),
    );
    child.on('message', (message: Message) => {
      if (message.kind === 'ready') {
        resolve(message.initMs);
        return;
      }
      const waiting = pending.get(message.id);
      pending.delete(message.id);
      if (message.kind === 'error') {
        waiting?.reject(new Error(message.message));
        return;
      }
      memory = message.memory;
      processor = (message.cpu.user + message.cpu.system) / 1e6;
      waiting?.resolve(message.result);
    });
  });
  child.on('exit', () => {
    pending.forEach(({ reject }) => reject(new Error(`${name} ended during an invocation`)));
    pending.clear();
  });
  return {
    initMs,
    invoke: (event, timeoutMs = 60_000) =>
      new Promise((resolve, reject) => {
        const id = randomUUID();
        pending.set(id, { resolve, reject });
        child.send({ id, event, timeoutMs }, (failure) => {
          if (failure !== null) reject(new Error(`${name} has ended`));
        });
      }),
    output: () => output,
    memory: () => memory,
    processor: () => processor,
    busy: () => pending.size > 0,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}
