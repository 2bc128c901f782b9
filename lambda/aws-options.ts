/** The SDK's own retries: the one place where calls of AWS are repeated. */
const ATTEMPTS = 4;

/** TCP to an endpoint of the same region takes milliseconds. */
const CONNECTION_MS = 2000;
/**
 * One attempt, answer included. All attempts of one call then end after 20 s: what a push does with a silent AWS, reading and handing its
 * work back, ends within the function's 60 s (`TIMEOUT` of infra/constructs/relay-functions.ts).
 */
const REQUEST_MS = 5000;

/**
 * Options of every client of AWS. The SDK waits for ever by itself, and only warns of a request timeout unless it is told to throw
 * (`NodeHttpHandlerOptions` of @smithy/types).
 */
export const AWS_OPTIONS = {
  maxAttempts: ATTEMPTS,
  requestHandler: {
    connectionTimeout: CONNECTION_MS,
    requestTimeout: REQUEST_MS,
    throwOnRequestTimeout: true,
  },
} as const;
