import { ANNOTATION } from '../contract.ts';
import { changeMarks, isPending } from '../model/change-marks.ts';

/**
 * Whether workloads wait to be restarted for what a Secret with these annotations holds. Where that was switched off since, a visit has to find out and
 * tell that nothing more comes of it.
 */
export function restartsDue(annotations: Readonly<Record<string, string>>): boolean {
  return isPending(changeMarks(annotations));
}

/**
 * A Secret's annotations after a write, from those before it: the relay's are those that it wrote, and of the others there is how the last rollout
 * ended, which has a field manager of its own.
 *
 * @param written undefined where nothing was written
 */
export function annotationsAfter(
  before: Readonly<Record<string, string>>,
  written: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> {
  const { [ANNOTATION.rollout]: rollout } = before;
  if (written === undefined) return before;
  return rollout === undefined ? written : { [ANNOTATION.rollout]: rollout, ...written };
}
