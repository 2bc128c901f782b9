import { changeMarks, isPending } from '../model/change-marks.ts';
import type { Work } from './ports.ts';

/** Whether workloads wait to be restarted for what a Secret with these annotations holds. */
export function restartsDue(
  { restarts = false }: Pick<Work, 'restarts'>,
  annotations: Readonly<Record<string, string>>,
): boolean {
  return restarts && isPending(changeMarks(annotations));
}
