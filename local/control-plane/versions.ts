import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder of the Go module that pins the control plane. */
export const MODULE_DIR = fileURLToPath(new URL('binaries/', import.meta.url));

/** The pinned version of Kubernetes, such as `v1.36.3`: go.mod is the one place that names it. */
export function kubernetesVersion(): string {
  const [, version] =
    /^\s*k8s\.io\/kubernetes (v\S+)/mu.exec(readFileSync(`${MODULE_DIR}go.mod`, 'utf8')) ?? [];
  if (version === undefined) throw new Error(`${MODULE_DIR}go.mod requires no k8s.io/kubernetes`);
  return version;
}
