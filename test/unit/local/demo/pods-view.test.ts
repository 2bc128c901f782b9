import { expect, test } from '@jest/globals';
import { allNew, podLines } from '../../../../local/demo/pods-view.ts';
import type { Pod } from '../../../../local/demo/pods-view.ts';

const WANTED = new Map([
  ['Deployment/web', 2],
  ['StatefulSet/queue', 1],
]);
const old = (workload: string): Pod => ({ workload, isNew: false, ready: true });
const fresh = (workload: string, ready = true): Pod => ({ workload, isNew: true, ready });
const [WEB, QUEUE] = ['Deployment/web', 'StatefulSet/queue'];

test('a line for each workload shows its pods, the newest first, and one more the time', () => {
  const pods = [old(WEB), fresh(WEB, false), fresh(WEB), old(QUEUE)];

  expect(podLines(pods, WANTED, 1234)).toEqual([
    'Deployment/web     ●◐○   1 of 2 new',
    'StatefulSet/queue  ○    0 of 1 new',
    '1.2 s after the call that rotated it',
  ]);
});

test.each([
  { what: 'every pod is new and ready', pods: [fresh(WEB), fresh(WEB), fresh(QUEUE)], over: true },
  { what: 'one is not ready', pods: [fresh(WEB), fresh(WEB, false), fresh(QUEUE)], over: false },
  { what: 'one is old', pods: [fresh(WEB), fresh(WEB), old(QUEUE)], over: false },
  { what: 'an old one is there beside', pods: [fresh(WEB), fresh(WEB), old(WEB), fresh(QUEUE)], over: false },
  { what: 'one is missing', pods: [fresh(WEB), fresh(WEB)], over: false },
])('it is over when every pod is there, new and ready: $what', ({ pods, over }) => {
  expect(allNew(pods, WANTED)).toBe(over);
});
