import { RelayError } from '../../lambda/errors.ts';
import type { ClusterWorkloads } from '../../lambda/model/ports.ts';
import { workloadId } from '../../lambda/model/workload.ts';
import type { Workload } from '../../lambda/model/workload.ts';

/** Workloads in memory, which keep the API server's promise about resourceVersion. */
export class FakeWorkloads implements ClusterWorkloads {
  readonly objects = new Map<string, Workload>();
  readonly paused = new Set<string>();
  /** Every restart, in order. */
  readonly restarts: string[] = [];
  /** Called before each operation: a test throws from it, or changes the world between two steps. */
  before: (operation: string, where: string) => void = () => undefined;
  #version = 100;

  put(...workloads: readonly Workload[]): this {
    for (const workload of workloads) {
      this.#version += 1;
      this.objects.set(workloadId(workload.ref), { ...workload, resourceVersion: String(this.#version) });
    }
    return this;
  }

  list(cluster: string, namespace: string): Promise<readonly Workload[]> {
    return this.#after('list', `${cluster}/${namespace}`, () =>
      [...this.objects.values()].filter(({ ref }) => ref.cluster === cluster && ref.namespace === namespace),
    );
  }

  isPaused(cluster: string, namespace: string): Promise<boolean> {
    return this.#after('namespace', `${cluster}/${namespace}`, () =>
      this.paused.has(`${cluster}/${namespace}`),
    );
  }

  restart(observed: Workload, annotations: Readonly<Record<string, string>>): Promise<void> {
    const id = workloadId(observed.ref);
    return this.#after('restart', id, () => {
      const held = this.objects.get(id);
      if (held?.resourceVersion !== observed.resourceVersion)
        throw new RelayError('TARGET_CONTENDED', `${id} is no longer what was observed`);
      this.restarts.push(id);
      this.put({ ...held, templateAnnotations: { ...held.templateAnnotations, ...annotations } });
    });
  }

  async #after<T>(operation: string, where: string, run: () => T): Promise<T> {
    await Promise.resolve();
    this.before(operation, where);
    return run();
  }
}
