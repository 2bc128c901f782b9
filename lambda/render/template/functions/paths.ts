import { fn1, string } from '../signature.ts';
import type { Value } from '../value.ts';
import { prefixed, under } from './names.ts';
import type { NamedFunctions } from './names.ts';

/** Sprig's functions of paths (https://masterminds.github.io/sprig/paths.html); those of the system are the same, as ESO runs on Linux. */
export const pathFunctions: NamedFunctions = [
  ...both('base', base),
  ...both('dir', (path) => clean(path.slice(0, path.lastIndexOf('/') + 1))),
  ...both('clean', clean),
  ...both('ext', (path) => /\.[^./]*$/u.exec(path)?.[0] ?? ''),
  ...both('isAbs', (path) => path.startsWith('/')),
];

/** For URLs, and for files. */
function both(name: string, body: (path: string) => Value): NamedFunctions {
  return under([name, prefixed('os', name)], fn1(string, body));
}

/** The last element, without slashes behind it. */
function base(path: string): string {
  if (path === '') return '.';
  return path.split('/').findLast((part) => part !== '') ?? '/';
}

/** The shortest path that means the same. */
function clean(path: string): string {
  const isRooted = path.startsWith('/');
  const kept: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    const canGoUp = kept.length > 0 && kept.at(-1) !== '..';
    if (part !== '..') kept.push(part);
    else if (canGoUp) kept.pop();
    else if (!isRooted) kept.push(part);
  }
  const joined = kept.join('/');
  return isRooted ? `/${joined}` : joined === '' ? '.' : joined;
}
