import { join } from 'node:path';
import { isInCache, onceInCache } from '../cache.ts';
import type { Progress } from '../progress.ts';
import { downloadCommand } from './download.ts';
import { goBuild, hasGo } from './go-build.ts';
import { KWOK_DIR, MODULE_DIR, kubernetesVersion, kubernetesVersionFlags, kwokVersion } from './versions.ts';

/** What makes workloads move in a local cluster: the paths of the commands. */
export interface ControllerBinaries {
  readonly controllerManager: string;
  readonly scheduler: string;
  /** Plays the nodes and their pods. */
  readonly kwok: string;
}

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64' };

/**
 * The controllers of the pinned Kubernetes release (downloaded, else built) and kwok (built: its releases carry no checksum files), each
 * in an entry of the cache of its own, so that who starts no controllers waits for none.
 */
export async function controllerBinaries(progress: Progress): Promise<ControllerBinaries> {
  const entries = cacheEntries();
  const kubernetes = await onceInCache(entries.kubernetes, (dir) => prepareControllers(dir, progress));
  const kwok = await onceInCache(entries.kwok, (dir) => buildKwok(dir, progress));
  return {
    controllerManager: join(kubernetes, 'kube-controller-manager'),
    scheduler: join(kubernetes, 'kube-scheduler'),
    kwok: join(kwok, 'kwok'),
  };
}

/** Whether they are there already, so that nobody has to wait for them. */
export async function hasControllers(): Promise<boolean> {
  const { kubernetes, kwok } = cacheEntries();
  return (await isInCache(kubernetes)) && (await isInCache(kwok));
}

function cacheEntries(): { readonly kubernetes: string; readonly kwok: string } {
  const platform = `${process.platform}-${process.arch}`;
  return {
    kubernetes: join('controllers', `${kubernetesVersion()}-${platform}`),
    kwok: join('kwok', `${kwokVersion()}-${platform}`),
  };
}

async function prepareControllers(dir: string, progress: Progress): Promise<void> {
  for (const name of ['kube-controller-manager', 'kube-scheduler']) {
    progress.step(`fetching ${name} (about 80 MB, once)`);
    if (await downloadCommand(releaseUrl(name), join(dir, name))) continue;
    await assertGo();
    progress.step(`building ${name} instead (once, up to 5 minutes on 2 cores)`);
    await goBuild({
      module: MODULE_DIR,
      target: `k8s.io/kubernetes/cmd/${name}`,
      output: join(dir, name),
      stamps: kubernetesVersionFlags(),
    });
  }
}

/** https://kubernetes.io/releases/download/#binaries; other systems than Linux get no servers, and a 404. */
function releaseUrl(name: string): string {
  const architecture = ARCHITECTURES[process.arch] ?? process.arch;
  return `https://dl.k8s.io/release/${kubernetesVersion()}/bin/${process.platform}/${architecture}/${name}`;
}

async function buildKwok(dir: string, progress: Progress): Promise<void> {
  await assertGo();
  progress.step('building kwok (once, about a minute on 2 cores)');
  await goBuild({ module: KWOK_DIR, target: 'sigs.k8s.io/kwok/cmd/kwok', output: join(dir, 'kwok') });
}

async function assertGo(): Promise<void> {
  if (await hasGo(MODULE_DIR)) return;
  throw new Error(
    'no controllers: they are built from source here, and Go is not installed. Install Go 1.26 or later.',
  );
}
