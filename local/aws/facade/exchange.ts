import { Agent, request } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** A request that came to the facade. */
export interface Incoming {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An answer, of the emulator or of the facade itself. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An answer in JSON, as the AWS protocols with JSON bodies have it. */
export function jsonAnswer(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { 'content-type': 'application/x-amz-json-1.1', ...headers }, body: JSON.stringify(value) };
}

/** An error of a service with JSON bodies. */
export function jsonError(status: number, type: string, message: string): Answer {
  return jsonAnswer(status, { __type: type, message, Message: message }, { 'x-amzn-errortype': type });
}

const agent = new Agent({ keepAlive: true });

/** Passes a request on to the emulator. A presigned request gets the header from which alone the emulator reads what service is meant. */
export async function forward(endpoint: string, incoming: Incoming): Promise<Answer> {
  const scope = new URL(incoming.path, endpoint).searchParams.get('X-Amz-Credential');
  const authorization = scope === null ? {} : { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=presigned` };
  const headers = { ...incoming.headers, ...authorization, 'content-length': String(Buffer.byteLength(incoming.body)) };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request(`${endpoint}${incoming.path}`, { method: incoming.method, headers, agent }, resolve).on('error', reject).end(incoming.body);
  });
  const { connection: _connection, 'transfer-encoding': _encoding, 'content-length': _length, ...rest } = response.headers;
  const kept = Object.entries(rest).map(([name, value]) => [name, String(value)]);
  return { status: response.statusCode ?? 500, headers: Object.fromEntries(kept), body: await textOf(response) };
}

/** A whole body as text. */
export async function textOf(stream: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

/** The members of a JSON object; none where the text is no JSON object. */
export function membersOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : {};
  } catch {
    return {};
  }
}
