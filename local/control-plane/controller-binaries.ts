import { join } from 'node:path';
import { onceInCache } from '../cache.ts';
import type { Progress } from '../progress.ts';
import { goBuild, hasGo } from './go-build.ts';
import { KWOK_DIR, MODULE_DIR, kubernetesVersion, kubernetesVersionFlags, kwokVersion } from './versions.ts';

/** What makes workloads move in a local cluster: the paths of the commands. */
export interface ControllerBinaries {
  readonly controllerManager: string;
  readonly scheduler: string;
  /** Plays the nodes and their pods. */
  readonly kwok: string;
}

/** The controllers of the pinned Kubernetes release and kwok, built once, each in an entry of the cache that only they need. */
export async function controllerBinaries(progress: Progress): Promise<ControllerBinaries> {
  const platform = `${process.platform}-${process.arch}`;
  const kubernetes = await onceInCache(join('controllers', `${kubernetesVersion()}-${platform}`), (dir) =>
    buildControllers(dir, progress),
  );
  const kwok = await onceInCache(join('kwok', `${kwokVersion()}-${platform}`), (dir) =>
    buildKwok(dir, progress),
  );
  return {
    controllerManager: join(kubernetes, 'kube-controller-manager'),
    scheduler: join(kubernetes, 'kube-scheduler'),
    kwok: join(kwok, 'kwok'),
  };
}

async function buildControllers(dir: string, progress: Progress): Promise<void> {
  await assertGo();
  for (const name of ['kube-controller-manager', 'kube-scheduler']) {
    progress.step(`building ${name} (once, about a minute after kube-apiserver on 2 cores)`);
    await goBuild({
      module: MODULE_DIR,
      target: `k8s.io/kubernetes/cmd/${name}`,
      output: join(dir, name),
      stamps: kubernetesVersionFlags(),
    });
  }
}

async function buildKwok(dir: string, progress: Progress): Promise<void> {
  await assertGo();
  progress.step('building kwok (once, about a minute on 2 cores)');
  await goBuild({ module: KWOK_DIR, target: 'sigs.k8s.io/kwok/cmd/kwok', output: join(dir, 'kwok') });
}

async function assertGo(): Promise<void> {
  if (await hasGo(MODULE_DIR)) return;
  throw new Error(
    'no controllers: they are built from source, and Go is not installed. Install Go 1.26 or later.',
  );
}
