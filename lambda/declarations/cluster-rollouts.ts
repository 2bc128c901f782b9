import type { ClusterRollouts } from '../model/rollout.ts';
import type { ConfigFile } from './config-schema.ts';
import type { Problem } from './problems.ts';
import { windowsOf } from './windows.ts';

type ClusterFile = Pick<ConfigFile['clusters'][number], 'access' | 'rollouts'>;

/** How rollouts go in a cluster; undefined where they are off, as they are by default wherever the deployment does not grant the relay its Roles. */
export function clusterRollouts(file: ClusterFile): ClusterRollouts | undefined {
  const policy = policyOf(file);
  if (policy === 'off') return undefined;
  const { reloader = 'detect', paused = false, windows } = file.rollouts ?? {};
  return {
    policy,
    reloader,
    ...(paused ? { paused } : {}),
    ...(windows === undefined ? {} : { windows: windowsOf(windows, [], () => undefined) }),
  };
}

/** What no field of `clusters[].rollouts` shows by itself; paths begin there. */
export function rolloutProblems(
  file: ClusterFile,
  at: (path: readonly PropertyKey[], found: string, expected: string) => Problem,
): readonly Problem[] {
  const problems: Problem[] = [];
  const policy = policyOf(file);
  if (policy !== 'off' && file.access === 'access-policy')
    problems.push(
      at(['policy'], policy, 'access: rbac, because EKS’s policy for Secrets restarts no workloads'),
    );
  if (file.rollouts?.windows !== undefined)
    windowsOf(file.rollouts.windows, ['windows'], (...mistake) => void problems.push(at(...mistake)));
  return problems;
}

function policyOf({ access, rollouts }: ClusterFile): 'off' | ClusterRollouts['policy'] {
  return rollouts?.policy ?? (access === 'rbac' ? 'annotated' : 'off');
}
