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
export function jsonAnswer(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.1', ...headers },
    body: JSON.stringify(value),
  };
}

/** An error in the shape that the service's clients read: XML from STS (https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html), else JSON. */
export function serviceError(service: string, status: number, code: string, message: string): Answer {
  if (service !== 'sts') return jsonError(status, code, message);
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
  const body = `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">${error}<RequestId>facade</RequestId></ErrorResponse>`;
  return { status, headers: { 'content-type': 'text/xml' }, body };
}

/** An error of a service with JSON bodies. */
export function jsonError(status: number, type: string, message: string): Answer {
  return jsonAnswer(status, { __type: type, message, Message: message }, { 'x-amzn-errortype': type });
}

/** Headers of the connection to the emulator, and the length of a body that may be changed. */
const PER_CONNECTION: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
]);

const agent = new Agent({ keepAlive: true });

/** Passes a request on to the emulator. A presigned request gets the header from which alone the emulator reads what service is meant. */
export async function forward(endpoint: string, incoming: Incoming): Promise<Answer> {
  const scope = new URL(incoming.path, endpoint).searchParams.get('X-Amz-Credential');
  const authorization =
    scope === null
      ? {}
      : { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=presigned` };
  const headers = {
    ...incoming.headers,
    ...authorization,
    'content-length': String(Buffer.byteLength(incoming.body)),
  };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request(`${endpoint}${incoming.path}`, { method: incoming.method, headers, agent }, resolve)
      .on('error', reject)
      .end(incoming.body);
  });
  return await answerOf(response);
}

/** What a server answered, without what is of its connection alone. */
export async function answerOf(response: IncomingMessage): Promise<Answer> {
  const answered = Object.entries(response.headers)
    .filter(([name]) => !PER_CONNECTION.has(name))
    .map(([name, value]): [string, string] => [name, String(value)]);
  return {
    status: response.statusCode ?? 500,
    headers: Object.fromEntries(answered),
    body: await textOf(response),
  };
}

/** A request, whole. */
export async function readIncoming(message: IncomingMessage): Promise<Incoming> {
  const { method = 'GET', url = '/', headers } = message;
  return { method, path: url, headers, body: await textOf(message) };
}

/** A whole body as text. */
export async function textOf(stream: IncomingMessage): Promise<string> {
  stream.setEncoding('utf8');
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}

/** The members of a JSON object; none where the text is no JSON object. */
export function membersOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value))
      : {};
  } catch {
    return {};
  }
}
