import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault, FaultPlan } from '../../faults/fault.ts';
import { serviceError } from './exchange.ts';
import type { Answer, Incoming } from './exchange.ts';
import type { Operation } from './operation.ts';

/** Access key of the emulator's administrator, whom no fault plan troubles. */
export const ADMINISTRATOR = 'AKIALOCALADMIN000000';

/** Trouble on request: what a test asks the emulated AWS to do wrong. */
export interface Chaos {
  /** The next `times` calls of the action are throttled. */
  throttle(action: string, times: number): void;
  /** The next `times` calls of the action fail with this status. */
  fail(action: string, times: number, status: number): void;
  /** The next `reads` of the current value of this secret (name or ARN) return the one before, as a replica does that lags. */
  stale(secretId: string, reads: number): void;
  /** Every call of the action takes this much longer; 0 ends it. */
  delay(action: string, ms: number): void;
  /** Puts every call that is not the administrator's to the plan from now on; undefined ends that. */
  use(plan: FaultPlan | undefined): void;
  /** Tells of every call that was carried out, whatever its caller sees of the answer; undefined ends that. */
  tap(tell: Tap | undefined): void;
  /** Queues keep a message back for at most so many seconds, however long they are asked to; undefined for as long as they are asked to. */
  hurry(seconds: number | undefined): void;
  /** Calls so far, by `service:action`. */
  calls(): ReadonlyMap<string, number>;
  resetCalls(): void;
}

/** A call, and what the emulator answered. */
export interface Tapped extends Operation {
  readonly body: string;
  readonly answer: Answer;
}
export type Tap = (call: Tapped) => void;

interface Trouble {
  left: number;
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** The handle of Chaos, and what the facade asks of it. */
export class ChaosState implements Chaos {
  readonly #troubles = new Map<string, Trouble>();
  readonly #delays = new Map<string, number>();
  readonly #stale = new Map<string, number>();
  readonly #calls = new Map<string, number>();
  #plan: FaultPlan | undefined;
  #longestWait: number | undefined;
  #tap: Tap | undefined;

  throttle(action: string, times: number): void {
    this.#troubles.set(action, {
      left: times,
      status: 400,
      code: 'ThrottlingException',
      message: 'Rate exceeded',
    });
  }

  fail(action: string, times: number, status: number): void {
    this.#troubles.set(action, {
      left: times,
      status,
      code: 'InternalServiceError',
      message: 'failed on request',
    });
  }

  stale(secretId: string, reads: number): void {
    this.#stale.set(secretId, reads);
  }

  delay(action: string, ms: number): void {
    this.#delays.set(action, ms);
  }

  use(plan: FaultPlan | undefined): void {
    this.#plan = plan;
  }

  tap(tell: Tap | undefined): void {
    this.#tap = tell;
  }

  tell(operation: Operation, body: string, answer: Answer): void {
    this.#tap?.({ ...operation, body, answer });
  }

  hurry(seconds: number | undefined): void {
    this.#longestWait = seconds;
  }

  longestWait(): number | undefined {
    return this.#longestWait;
  }

  faultOf({ action, accessKeyId }: Operation, { path, body }: Incoming): Fault | undefined {
    return accessKeyId === ADMINISTRATOR ? undefined : this.#plan?.({ action, path, body });
  }

  calls(): ReadonlyMap<string, number> {
    return new Map(this.#calls);
  }

  resetCalls(): void {
    this.#calls.clear();
  }

  /** Counts the call, waits where that was asked for, and gives the answer that it is to fail with, if any. */
  async meet({ service, action }: Operation): Promise<Answer | undefined> {
    const name = `${service}:${action}`;
    this.#calls.set(name, (this.#calls.get(name) ?? 0) + 1);
    const delay = this.#delays.get(action) ?? 0;
    if (delay > 0) await sleep(delay);
    const trouble = this.#troubles.get(action);
    if (trouble === undefined || trouble.left === 0) return undefined;
    trouble.left -= 1;
    return serviceError(service, trouble.status, trouble.code, trouble.message);
  }

  /** Whether this read of the secret is to be stale, whichever of its ids (name, ARN) that was asked for by. */
  takeStale(ids: readonly string[]): boolean {
    for (const id of ids) {
      const left = this.#stale.get(id) ?? 0;
      if (left === 0) continue;
      this.#stale.set(id, left - 1);
      return true;
    }
    return false;
  }
}
