/** An element of a layout that stands for a part of a time, as Go spells it, or text that stands for itself. */
export type LayoutPart =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'element'; readonly text: string };

/**
 * Go's elements (https://pkg.go.dev/time#pkg-constants), the longer before the shorter. `Jan` and `Mon` are none before a small letter,
 * a fraction is none before another digit, and `_2006` is a year after a line.
 */
const ELEMENT =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|0[1-6]|002|15|1|2006|2|_2(?!006)|__2|3|4|5|PM|pm|[-Z](?:070000|07:00:00|0700|07:00|07)|[.,](?:0+|9+)(?!\d)/gu;

/** The parts of a layout, in order. */
export function partsOf(layout: string): readonly LayoutPart[] {
  const parts: LayoutPart[] = [];
  let end = 0;
  for (const { 0: text, index } of layout.matchAll(ELEMENT)) {
    if (index > end) parts.push({ kind: 'text', text: layout.slice(end, index) });
    parts.push({ kind: 'element', text });
    end = index + text.length;
  }
  if (end < layout.length) parts.push({ kind: 'text', text: layout.slice(end) });
  return parts;
}

export const MONTHS: readonly string[] = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

export const WEEKDAYS: readonly string[] = [
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
];
