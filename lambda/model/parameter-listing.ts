import type { FindQuery } from './source.ts';

/** How the names that a find chooses from are listed. */
export type Listing =
  { readonly kind: 'walk'; readonly paths: readonly string[] } | { readonly kind: 'describe' };

/**
 * Who may walk a path reads everything below it, even what is denied by itself
 * (https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html), so only what the store may read as a whole is
 * walked. To describe shows the names of all parameters, and no value.
 *
 * | the find                                          | is done by                                                   |
 * |---------------------------------------------------|--------------------------------------------------------------|
 * | asks for tags                                     | describing: nothing else knows tags                          |
 * | may see whole paths (patterns such as `/shop/*`)  | walking them, or the find's own path where that is narrower  |
 * | may see what begins like that (`/shop-*`, `/a/b`) | describing                                                   |
 * | has a store without patterns                      | walking its path, as in ESO: the role that reads sets limits |
 */
export function listingOf({ path, tags, within }: FindQuery): Listing {
  const asked = path === undefined ? '/' : path.replace(/(?<=.)\/$/u, '');
  if (Object.keys(tags).length > 0) return { kind: 'describe' };
  if (within === undefined) return { kind: 'walk', paths: [asked] };
  const wholes = within.map((pattern) => /^(\/.+)\/\*$/u.exec(pattern)?.[1]);
  const roots = wholes.filter((root) => root !== undefined);
  if (roots.length < wholes.length) return { kind: 'describe' };
  const paths = roots.flatMap((root) => (isUnder(root, asked) ? root : isUnder(asked, root) ? asked : []));
  const topmost = paths.filter((own) => !paths.some((other) => other !== own && isUnder(own, other)));
  return { kind: 'walk', paths: [...new Set(topmost)] };
}

function isUnder(path: string, other: string): boolean {
  return path === other || path.startsWith(other === '/' ? '/' : `${other}/`);
}
