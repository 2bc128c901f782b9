import { Logger } from '@aws-lambda-powertools/logger';

/**
 * The one logger. Nothing goes into it but codes, ids, names, counts and version ids: never an error object of somebody else's (the messages of
 * the AWS SDK, the Kubernetes client and JSON.parse can quote a value), and never an event as it came.
 */
export const logger = new Logger();
