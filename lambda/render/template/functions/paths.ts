import { fn1, string } from '../signature.ts';
import type { TemplateFunction, Value } from '../value.ts';

/** Sprig's functions of paths (https://masterminds.github.io/sprig/paths.html); those of the system are the same, as ESO runs on Linux. */
export const pathFunctions: readonly (readonly [string, TemplateFunction])[] = [
  ...both('base', base),
  ...both('dir', (path) => clean(path.slice(0, path.lastIndexOf('/') + 1))),
  ...both('clean', clean),
  ...both('ext', (path) => /\.[^./]*$/u.exec(path)?.[0] ?? ''),
  ...both('isAbs', (path) => path.startsWith('/')),
];

function both(name: string, body: (path: string) => Value): readonly (readonly [string, TemplateFunction])[] {
  const fn = fn1(string, body);
  return [
    [name, fn],
    [`os${name.charAt(0).toUpperCase()}${name.slice(1)}`, fn],
  ];
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
