import * as z from 'zod/mini';

const list = <T extends z.core.SomeType>(item: T) => z._default(z.nullable(z.array(item)), []);
const Named = z.nullish(z.object({ name: z._default(z.string(), '') }));

const Container = z.object({
  env: list(z.object({ valueFrom: z.nullish(z.object({ secretKeyRef: Named })) })),
  envFrom: list(z.object({ secretRef: Named })),
  volumeMounts: list(z.object({ name: z.string() })),
});

/** The part of a pod's spec that tells which Secrets its containers get. */
export const PodSpec = z.object({
  containers: list(Container),
  initContainers: list(Container),
  volumes: list(
    z.object({
      name: z.string(),
      secret: z.nullish(z.object({ secretName: z._default(z.string(), '') })),
      projected: z.nullish(z.object({ sources: list(z.object({ secret: Named })) })),
    }),
  ),
});
export type PodSpec = z.infer<typeof PodSpec>;

/**
 * The names of the Secrets that a pod's containers get, be they there or optional: as variables, all at once or one by one, or as files of a volume
 * that some container mounts. Init containers and sidecars count. What only the kubelet uses does not (`imagePullSecrets`, credentials of volumes): it
 * reads that afresh each time.
 */
export function secretsOf({ containers, initContainers, volumes }: PodSpec): ReadonlySet<string> {
  const all = [...(containers ?? []), ...(initContainers ?? [])];
  const mounted = new Set(all.flatMap(({ volumeMounts }) => (volumeMounts ?? []).map(({ name }) => name)));
  const names = [
    ...all.flatMap(({ env }) => (env ?? []).map(({ valueFrom }) => valueFrom?.secretKeyRef?.name)),
    ...all.flatMap(({ envFrom }) => (envFrom ?? []).map(({ secretRef }) => secretRef?.name)),
    ...(volumes ?? [])
      .filter(({ name }) => mounted.has(name))
      .flatMap(({ secret, projected }) => [
        secret?.secretName,
        ...(projected?.sources ?? []).map((source) => source.secret?.name),
      ]),
  ];
  return new Set(names.flatMap((name = '') => (name === '' ? [] : [name])));
}
