/**
 * What pieces of work, their outcomes and messages about them are known by: `cluster/namespace/name` of the declaration, which may be for other clusters
 * too.
 *
 * @param declaration `namespace/name`; undefined for what nobody declares
 */
export function workId(cluster: string, declaration: string | undefined): string {
  return `${cluster}/${declaration ?? ''}`;
}
