import { describe, expect, test } from '@jest/globals';
import { parseInstallEvent } from '../../../lambda/installer/install-event.ts';

const properties = { cluster: 'shop-prod', relay: 'keyrelay', manifestsDigest: 'd', ServiceToken: 'arn' };

describe('the event of the custom resource', () => {
  test.each([
    ['Create', 'install'],
    ['Update', 'install'],
    ['Delete', 'remove'],
  ])('%s asks to %s', (RequestType, kind) => {
    const event = parseInstallEvent({ RequestType, ResourceProperties: properties });

    expect(event).toEqual({ kind, cluster: 'shop-prod', relay: 'keyrelay' });
  });

  test.each([
    ['nothing', undefined, ''],
    ['another request', { RequestType: 'Restart', ResourceProperties: properties }, 'RequestType'],
    ['no properties', { RequestType: 'Create' }, 'ResourceProperties'],
    ['no cluster', { RequestType: 'Create', ResourceProperties: { relay: 'r' } }, 'cluster'],
    [
      'an empty cluster',
      { RequestType: 'Create', ResourceProperties: { relay: 'r', cluster: '' } },
      'cluster',
    ],
    ['an empty relay', { RequestType: 'Create', ResourceProperties: { relay: '', cluster: 'c' } }, 'relay'],
    [
      'a relay that is no text',
      { RequestType: 'Create', ResourceProperties: { relay: 1, cluster: 'c' } },
      'relay',
    ],
  ])('%s is refused, and the field is named', (_, event, field) => {
    const parse = (): unknown => parseInstallEvent(event);

    expect(parse).toThrow(expect.objectContaining({ code: 'EVENT_MALFORMED' }));
    expect(parse).toThrow(field);
  });
});
