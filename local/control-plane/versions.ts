import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder of the Go module that pins the control plane. */
export const MODULE_DIR = fileURLToPath(new URL('binaries/', import.meta.url));
/** The folder of the Go module that pins kwok, apart because it follows Kubernetes at its own pace. */
export const KWOK_DIR = fileURLToPath(new URL('kwok/', import.meta.url));

/** The pinned version of Kubernetes, such as `v1.36.3`: go.mod is the one place that names it. */
export function kubernetesVersion(): string {
  return pinned(MODULE_DIR, 'k8s.io/kubernetes');
}

/** The pinned version of kwok. */
export function kwokVersion(): string {
  return pinned(KWOK_DIR, 'sigs.k8s.io/kwok');
}

/** What the official build of Kubernetes stamps, so that /version tells the truth. */
export function kubernetesVersionFlags(): readonly string[] {
  const version = kubernetesVersion();
  const [major = '', minor = ''] = version.slice(1).split('.');
  const stamp = { gitVersion: version, gitMajor: major, gitMinor: minor, gitTreeState: 'clean' };
  return Object.entries(stamp).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`);
}

function pinned(dir: string, module: string): string {
  const requirement = readFileSync(`${dir}go.mod`, 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/u))
    .find(([name, version]) => name === module && version !== undefined && version !== '=>');
  const [, version] = requirement ?? [];
  if (version === undefined) throw new Error(`${dir}go.mod requires no ${module}`);
  return version;
}
