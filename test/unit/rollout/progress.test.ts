import { describe, expect, test } from '@jest/globals';
import type { WorkloadStatus } from '../../../lambda/model/workload.ts';
import { progressOf } from '../../../lambda/rollout/progress.ts';
import { aStatus } from '../../support/rollout-builders.ts';

const shared = { current: true, paused: false, deadlineSeconds: undefined };
const aSet = (changes: Partial<Extract<WorkloadStatus, { kind: 'StatefulSet' }>> = {}): WorkloadStatus => ({
  ...shared,
  kind: 'StatefulSet',
  strategy: 'RollingUpdate',
  partition: 0,
  desired: 3,
  updated: 3,
  available: 3,
  uniform: true,
  ...changes,
});
const aDaemon = (changes: Partial<Extract<WorkloadStatus, { kind: 'DaemonSet' }>> = {}): WorkloadStatus => ({
  ...shared,
  kind: 'DaemonSet',
  strategy: 'RollingUpdate',
  desired: 2,
  updated: 2,
  available: 2,
  ...changes,
});
const anArgo = (phase: string, current = true): WorkloadStatus => ({
  ...shared,
  kind: 'Rollout',
  updated: 1,
  available: 3,
  current,
  phase,
});
const complete = { kind: 'complete', stale: 0 };

describe('a Deployment', () => {
  test.each([
    { when: 'all is new and available', status: aStatus(), is: complete },
    {
      when: 'it is scaled to nothing',
      status: aStatus({ desired: 0, pods: 0, updated: 0, available: 0 }),
      is: complete,
    },
    {
      when: 'its controller has not seen the newest spec',
      status: aStatus({ current: false }),
      is: { kind: 'running', done: 6 },
    },
    {
      when: 'its controller has seen only that the last one failed',
      status: aStatus({ current: false, deadlineExceeded: true }),
      is: { kind: 'running', done: 6 },
    },
    { when: 'new pods are missing', status: aStatus({ updated: 1 }), is: { kind: 'running', done: 4 } },
    { when: 'old pods are left', status: aStatus({ pods: 4 }), is: { kind: 'running', done: 6 } },
    {
      when: 'a new pod is not available',
      status: aStatus({ available: 2 }),
      is: { kind: 'running', done: 5 },
    },
    {
      when: 'it missed its deadline',
      status: aStatus({ updated: 1, deadlineExceeded: true }),
      is: { kind: 'failed', why: 'it missed its progress deadline' },
    },
    { when: 'it is paused', status: aStatus({ paused: true, updated: 1 }), is: { kind: 'paused' } },
  ])('is $is.kind when $when', ({ status, is }) => {
    expect(progressOf(status)).toEqual(is);
  });
});

describe('a StatefulSet', () => {
  test.each([
    { when: 'all is new and available', status: aSet(), is: complete },
    { when: 'it is scaled to nothing', status: aSet({ desired: 0, updated: 0, available: 0 }), is: complete },
    {
      when: 'its controller has not seen the newest spec',
      status: aSet({ current: false }),
      is: { kind: 'running', done: 6 },
    },
    { when: 'a pod is not available', status: aSet({ available: 2 }), is: { kind: 'running', done: 5 } },
    { when: 'a pod is old', status: aSet({ updated: 2, uniform: false }), is: { kind: 'running', done: 5 } },
    {
      when: 'its controller has not made the new revision the current one',
      status: aSet({ uniform: false }),
      is: { kind: 'running', done: 6 },
    },
    {
      when: 'all above the partition is new',
      status: aSet({ partition: 2, updated: 1, uniform: false }),
      is: { kind: 'complete', stale: 2 },
    },
    {
      when: 'something above the partition is old',
      status: aSet({ partition: 1, updated: 1, uniform: false }),
      is: { kind: 'running', done: 4 },
    },
    {
      when: 'the partition is above all',
      status: aSet({ partition: 9, updated: 0, uniform: false }),
      is: { kind: 'complete', stale: 3 },
    },
    {
      when: 'its pods are new when they are deleted',
      status: aSet({ strategy: 'OnDelete', uniform: false }),
      is: { kind: 'by-hand' },
    },
  ])('is $is.kind when $when', ({ status, is }) => {
    expect(progressOf(status)).toEqual(is);
  });
});

describe('a DaemonSet', () => {
  test.each([
    { when: 'every node has a new pod', status: aDaemon(), is: complete },
    {
      when: 'there is no node for it',
      status: aDaemon({ desired: 0, updated: 0, available: 0 }),
      is: complete,
    },
    {
      when: 'its controller has not seen the newest spec',
      status: aDaemon({ current: false }),
      is: { kind: 'running', done: 4 },
    },
    { when: 'a node has an old pod', status: aDaemon({ updated: 1 }), is: { kind: 'running', done: 3 } },
    { when: 'a pod is not available', status: aDaemon({ available: 1 }), is: { kind: 'running', done: 3 } },
    {
      when: 'its pods are new when they are deleted',
      status: aDaemon({ strategy: 'OnDelete', updated: 0 }),
      is: { kind: 'by-hand' },
    },
  ])('is $is.kind when $when', ({ status, is }) => {
    expect(progressOf(status)).toEqual(is);
  });
});

describe('a Rollout of Argo', () => {
  test.each([
    { when: 'it is Healthy', status: anArgo('Healthy'), is: complete },
    {
      when: 'it is Healthy as of an older spec',
      status: anArgo('Healthy', false),
      is: { kind: 'running', done: 4 },
    },
    { when: 'it is Progressing', status: anArgo('Progressing'), is: { kind: 'running', done: 4 } },
    { when: 'it has no phase yet', status: anArgo(''), is: { kind: 'running', done: 4 } },
    { when: 'a step of its canary waits', status: anArgo('Paused'), is: { kind: 'paused' } },
    {
      when: 'it is Degraded',
      status: anArgo('Degraded'),
      is: { kind: 'failed', why: 'Argo Rollouts calls it Degraded' },
    },
  ])('is $is.kind when $when', ({ status, is }) => {
    expect(progressOf(status)).toEqual(is);
  });
});
