import { expect, test } from '@jest/globals';
import { listingOf } from '../../../lambda/model/parameter-listing.ts';
import type { FindQuery } from '../../../lambda/model/source.ts';

const listing = (query: Partial<FindQuery>): readonly string[] | 'describe' => {
  const found = listingOf({ store: 'parameters', tags: {}, ...query });
  return found.kind === 'walk' ? found.paths : 'describe';
};

test.each([
  { what: 'tags', query: { tags: { team: 'a' }, within: ['/shop/*'] }, is: 'describe' },
  { what: 'a whole path', query: { within: ['/shop/*'] }, is: ['/shop'] },
  { what: 'two whole paths', query: { within: ['/shop/*', '/web/*'] }, is: ['/shop', '/web'] },
  { what: 'a path below another', query: { within: ['/shop/*', '/shop/db/*'] }, is: ['/shop'] },
  { what: 'the same path twice', query: { within: ['/shop/*', '/shop/*'] }, is: ['/shop'] },
  { what: 'a narrower path of its own', query: { path: '/shop/db', within: ['/shop/*'] }, is: ['/shop/db'] },
  { what: 'a path with a slash at its end', query: { path: '/shop/', within: ['/shop/*'] }, is: ['/shop'] },
  {
    what: 'a wider path of its own',
    query: { path: '/', within: ['/shop/*', '/web/*'] },
    is: ['/shop', '/web'],
  },
  { what: 'a path elsewhere', query: { path: '/bank', within: ['/shop/*'] }, is: [] },
  { what: 'a path that begins alike', query: { path: '/shopping', within: ['/shop/*'] }, is: [] },
  { what: 'the beginning of names', query: { within: ['/shop-*'] }, is: 'describe' },
  { what: 'a name', query: { within: ['/shop/*', '/web/db'] }, is: 'describe' },
  { what: 'everything', query: { within: ['/*'] }, is: 'describe' },
  { what: 'no patterns and a path', query: { path: '/shop' }, is: ['/shop'] },
  { what: 'no patterns and no path', query: {}, is: ['/'] },
])('a find with $what: $is', ({ query, is }) => {
  expect(listing(query)).toEqual(is);
});
