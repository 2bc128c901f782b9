import { RE2JS } from 're2js';
import { durationSeconds } from '../model/duration.ts';
import type { Workload } from '../model/workload.ts';

/**
 * The annotations that people have from Stakater Reloader, as it reads them
 * (https://github.com/stakater/Reloader/blob/master/pkg/common/common.go).
 */
const RELOADER = {
  auto: 'reloader.stakater.com/auto',
  secretAuto: 'secret.reloader.stakater.com/auto',
  reload: 'secret.reloader.stakater.com/reload',
  exclude: 'secrets.exclude.reloader.stakater.com/reload',
  search: 'reloader.stakater.com/search',
  /** On the Secret. */
  match: 'reloader.stakater.com/match',
  /** On the Secret. */
  ignore: 'reloader.stakater.com/ignore',
  pausePeriod: 'deployment.reloader.stakater.com/pause-period',
} as const;

/** https://pkg.go.dev/time#ParseDuration */
const GO_DURATION = /^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/u;

const ASKS = [RELOADER.auto, RELOADER.secretAuto, RELOADER.reload, RELOADER.search];

/** A Secret, as far as it is asked for. */
export interface NamedSecret {
  readonly name: string;
  readonly annotations: Readonly<Record<string, string>>;
}

/**
 * What Reloader's annotations say about a workload and a Secret. Where the workload has none of the four that ask, those of its pod template count.
 *
 * | annotations                                                | says                            |
 * |------------------------------------------------------------|---------------------------------|
 * | the Secret: ignore "true"                                  | no                              |
 * | the workload itself: its name in exclude                   | no                              |
 * | reload: a name or an expression that is the whole name     | yes                             |
 * | search "true", and the Secret: match "true"                | yes, where it consumes it       |
 * | auto or secret auto is true                                | yes, where it consumes it       |
 * | auto or secret auto is anything else                       | no                              |
 * | none of these                                              | nothing                         |
 */
export function reloaderSays(workload: Workload, secret: NamedSecret): 'yes' | 'no' | 'nothing' {
  const consumes = workload.secrets.has(secret.name);
  if (secret.annotations[RELOADER.ignore] === 'true' || isExcluded(workload, secret)) return 'no';
  const annotations = asking(workload);
  if (isNamed(annotations[RELOADER.reload], secret.name)) return 'yes';
  const { [RELOADER.auto]: auto = '', [RELOADER.secretAuto]: secretAuto = '' } = annotations;
  const found = annotations[RELOADER.search] === 'true' && secret.annotations[RELOADER.match] === 'true';
  if (found || isTrue(auto) || isTrue(secretAuto)) return consumes ? 'yes' : 'no';
  return auto === '' && secretAuto === '' ? 'nothing' : 'no';
}

/** For how many seconds a Deployment gathers changes before it restarts; undefined where it is not asked to. */
export function pausePeriodOf({ ref, annotations }: Workload): number | undefined {
  const period = annotations[RELOADER.pausePeriod] ?? '';
  return ref.kind === 'Deployment' && GO_DURATION.test(period) ? durationSeconds(period) : undefined;
}

function asking({ annotations, templateAnnotations }: Workload): Readonly<Record<string, string>> {
  return ASKS.some((name) => name in annotations) ? annotations : templateAnnotations;
}

function isExcluded({ annotations }: Workload, { name }: NamedSecret): boolean {
  return listOf(annotations[RELOADER.exclude]).includes(name);
}

/**
 * Go's regular expressions, linear in time whatever the pattern. Reloader puts the anchors around the whole text, so that in `a|b` each holds for
 * one side only; and what is no expression counts for nothing.
 */
function isNamed(list: string | undefined, name: string): boolean {
  return listOf(list).some((item) => {
    if (item === name) return true;
    // Most are plain names.
    if (/^[-a-z0-9]*$/u.test(item)) return false;
    try {
      return RE2JS.compile(`^${item}$`).matcher(name).find();
    } catch {
      return false;
    }
  });
}

/** What Go takes for true (https://pkg.go.dev/strconv#ParseBool). */
function isTrue(text: string): boolean {
  return ['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text);
}

function listOf(text = ''): readonly string[] {
  return text.split(',').map((item) => item.trim());
}
