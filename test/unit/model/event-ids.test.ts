import { describe, expect, test } from '@jest/globals';
import { eventIdsIn, eventIdsOf, eventIdsWithin, mergedEventIds } from '../../../lambda/model/event-ids.ts';

const numbered = (prefix: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, n) => `${prefix}-${n}`);

describe('ids of several messages', () => {
  test('become one list for each Secret, each id once', () => {
    const merged = mergedEventIds([
      ['shop/db', ['event-1', 'event-2']],
      ['shop/flags', ['event-1']],
      ['shop/db', ['event-2', 'event-3']],
      ['shop/swept', []],
    ]);

    expect([...merged]).toEqual([
      ['shop/db', ['event-1', 'event-2', 'event-3']],
      ['shop/flags', ['event-1']],
    ]);
  });

  test('are cut to five a Secret, of which the first stay', () => {
    const merged = mergedEventIds([
      ['shop/db', numbered('first', 4)],
      ['shop/db', numbered('later', 4)],
    ]);

    expect(merged.get('shop/db')).toEqual([...numbered('first', 4), 'later-0']);
  });

  test('are cut to a hundred Secrets, and those that are in still get theirs', () => {
    const merged = mergedEventIds([
      ...numbered('shop/s', 101).map((key) => [key, ['event-1']] as const),
      ['shop/s-0', ['event-2']],
    ]);

    expect(merged.size).toBe(100);
    expect(merged.has('shop/s-100')).toBe(false);
    expect(merged.get('shop/s-0')).toEqual(['event-1', 'event-2']);
  });
});

describe('the ids', () => {
  const ids = new Map([
    ['shop/db', ['event-1', 'event-2']],
    ['shop/flags', ['event-3']],
    ['shop-too/db', ['event-4']],
  ]);
  const secret = (name: string, event?: string) => ({
    target: { namespace: 'shop', name },
    change: { event },
  });

  test('of a Secret begin with the one that it tells itself, and name no other Secret’s', () => {
    expect(eventIdsOf([secret('db', 'event-2')], ids)).toEqual(['event-2', 'event-1']);
    expect(eventIdsOf([secret('db'), secret('flags', 'event-1')], ids)).toEqual([
      'event-1',
      'event-2',
      'event-3',
    ]);
    expect(eventIdsOf([secret('other')], ids)).toEqual([]);
  });

  test('of a namespace are those of its Secrets, and not of one whose name begins alike', () => {
    expect(eventIdsIn('shop', ids)).toEqual(['event-1', 'event-2', 'event-3']);
  });

  test('that go on are those of the namespaces that are looked at again, without what is over', () => {
    expect([...eventIdsWithin(['shop'], ids, [{ namespace: 'shop', name: 'db' }]).keys()]).toEqual([
      'shop/flags',
    ]);
  });
});
