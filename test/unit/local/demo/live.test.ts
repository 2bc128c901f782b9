import { expect, test } from '@jest/globals';
import { createLive, redraw } from '../../../../local/demo/live.ts';

/** Up so many lines; a line cleared; a line written. */
const ESCAPE = String.fromCodePoint(0x1b);
const SEQUENCES = new RegExp(`${ESCAPE}\\[(\\d+)A\\r|(${ESCAPE}\\[2K)|([^${ESCAPE}\\n\\r]*)\\n`, 'gu');

/** A terminal as far as the view needs one: lines, a cursor, and the two sequences that it uses. */
function screenAfter(text: string): readonly string[] {
  const rows: string[] = [];
  let row = 0;
  for (const [, up, cleared, line] of text.matchAll(SEQUENCES)) {
    if (up !== undefined) row -= Number(up);
    else if (cleared !== undefined) rows[row] = '';
    else {
      rows[row] = line ?? '';
      row += 1;
    }
  }
  return rows;
}

test('in a terminal the lines stand where they stood before', () => {
  let written = '';
  const live = createLive({ write: (text) => (written += text), terminal: true, now: () => 0 });

  live.show(['one', 'two is long']);
  live.show(['one', 'two']);
  live.show(['three', 'four']);

  expect(screenAfter(`before\n${written}`)).toEqual(['before', 'three', 'four']);
});

test('the first time nothing above is touched', () => {
  expect(redraw(['one'], 0)).not.toContain('A');
});

test('elsewhere a line comes once a second at most, without what only a terminal understands', () => {
  let now = 0;
  const written: string[] = [];
  const live = createLive({ write: (text) => written.push(text), terminal: false, now: () => now });

  for (const [time, text] of [
    [0, 'a    1'],
    [999, 'b'],
    [1000, 'c'],
    [1500, 'd'],
    [2500, 'e'],
  ] as const) {
    now = time;
    live.show([`   ${text}`, '   x']);
  }

  expect(written).toEqual(['   a  1 | x\n', '   c | x\n', '   e | x\n']);
});
