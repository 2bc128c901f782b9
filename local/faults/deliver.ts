import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../aws/facade/exchange.ts';
import type { Fault, Refusal } from './fault.ts';

/** What one side does with a request. */
export interface Side {
  /** Passes the request on. */
  readonly pass: () => Promise<Answer>;
  /** The answer in which this side turns a request away. */
  readonly refuse: (refusal: Refusal) => Answer;
  /** The answer that this side gives at its weakest. */
  readonly degrade: () => Promise<Answer>;
  /** What this side said to the same before, as a cache does that lags. */
  readonly recall: () => Promise<Answer>;
}

/** Answers a request, or lets it meet the fault. */
export async function deliver(fault: Fault | undefined, side: Side, response: ServerResponse): Promise<void> {
  switch (fault?.kind) {
    case undefined:
      answer(response, await side.pass());
      return;
    case 'slow':
      await sleep(fault.ms);
      answer(response, await side.pass());
      return;
    case 'silent':
      return;
    case 'reset':
      if (fault.passed === 'on') await side.pass();
      response.destroy();
      return;
    case 'cut':
      cut(response, await side.pass());
      return;
    case 'refusal':
      if (fault.passed === 'on') await side.pass();
      answer(response, side.refuse(fault.refusal));
      return;
    case 'end':
      if (fault.passed === 'on') await side.pass();
      fault.end();
      return;
    case 'degraded':
      answer(response, await side.degrade());
      return;
    case 'stale':
      answer(response, await side.recall());
      return;
  }
}

function answer(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, headers).end(body);
}

/** The whole length is announced and half of it sent. */
function cut(response: ServerResponse, { status, headers, body }: Answer): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, { ...headers, 'content-length': String(bytes.byteLength) });
  response.write(bytes.subarray(0, Math.floor(bytes.byteLength / 2)), () => response.destroy());
}
