import { expect, test } from '@jest/globals';
import { createAwsClients } from '../../lambda/aws-clients.ts';
import type { Api, ApiCalls } from '../../lambda/model/api-calls.ts';
import { aCluster } from '../support/builders.ts';
import { someCredentials } from './cluster/clusters.ts';

test('every client is counted under its API, whomever it signs as', async () => {
  const watched: Api[] = [];
  const calls: ApiCalls = {
    count: () => undefined,
    watch: (api, client) => {
      watched.push(api);
      return client;
    },
  };
  const { sqs, eks, sts, eventBridge } = createAwsClients(calls);

  sqs('eu-west-1');
  await eks(aCluster(), someCredentials());
  await eks(aCluster({ name: 'other' }), someCredentials());
  await sts('eu-west-1');
  await sts('eu-west-1', someCredentials());
  await eventBridge('eu-west-1');

  expect(watched).toEqual(['sqs', 'eks', 'eks', 'sts', 'sts', 'events']);
});
