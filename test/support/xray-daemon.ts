import { createSocket } from 'node:dgram';
import * as z from 'zod';

const Subsegment = z.object({
  name: z.string(),
  id: z.string(),
  trace_id: z.string(),
  parent_id: z.string(),
  fault: z.boolean().default(false),
  annotations: z.record(z.string(), z.unknown()).default({}),
});
export type Subsegment = z.infer<typeof Subsegment>;

/** Takes what X-Ray's SDK sends, as the daemon does (https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html). */
export interface XrayDaemon {
  /** `host:port`. */
  readonly address: string;
  /** What has come so far, in order, as text. */
  readonly datagrams: readonly string[];
  /** The same, read. */
  subsegments(): readonly Subsegment[];
  close(): Promise<void>;
}

export async function startXrayDaemon(): Promise<XrayDaemon> {
  const socket = createSocket('udp4');
  const datagrams: string[] = [];
  socket.on('message', (message) => datagrams.push(message.toString('utf8')));
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${socket.address().port}`,
    datagrams,
    // A line of header, and the document.
    subsegments: () =>
      datagrams.map((text) => Subsegment.parse(JSON.parse(text.slice(text.indexOf('\n') + 1)))),
    close: () =>
      new Promise((resolve) => {
        socket.close(() => {
          resolve();
        });
      }),
  };
}

/** What Lambda tells a traced function of its invocation (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html). */
export const TRACED = {
  root: '1-5759e988-bd862e3fe1be46a994272793',
  parent: '53995c3f42cd8ad8',
  env: {
    LAMBDA_TASK_ROOT: '/var/task',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    _X_AMZN_TRACE_ID: 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1',
  },
} as const;
