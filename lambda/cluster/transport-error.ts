/** How an exchange failed, and whether the server may have processed it all the same. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly kind: 'refused' | 'broken' | 'tls' | 'timeout' | 'aborted' | 'too-large';
  readonly request: 'sent' | 'not-sent';

  /** @param code an error code of Node or OpenSSL, or words of our own; never text from the wire */
  constructor(kind: TransportError['kind'], code: string, request: TransportError['request']) {
    super(code);
    this.kind = kind;
    this.request = request;
  }
}

/** What is known of an exchange when it fails. */
export interface Circumstances {
  readonly sent: boolean;
  readonly caller: AbortSignal;
  readonly timeout: AbortSignal;
}

/** Codes by which a certificate is refused (https://nodejs.org/api/tls.html#x509-certificate-error-codes). */
const TLS =
  /^(ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|CRL_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|INVALID_|PATH_LENGTH|HOSTNAME_MISMATCH|EPROTO)/u;

/** The failure by its cause; only its code is kept. */
export function classify(error: unknown, { sent, caller, timeout }: Circumstances): TransportError {
  if (error instanceof TransportError) return error;
  const request = sent ? 'sent' : 'not-sent';
  if (caller.aborted) return new TransportError('aborted', 'the time is over', request);
  if (timeout.aborted) return new TransportError('timeout', sent ? 'no answer' : 'no connection', request);
  const code =
    typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown';
  if (TLS.test(code)) return new TransportError('tls', code, request);
  return new TransportError(sent ? 'broken' : 'refused', code, request);
}
