import { readFileSync } from 'node:fs';

/** What a process took of the machine. */
export interface Usage {
  /** Processor time so far, in seconds. */
  readonly processor: number;
  /** Memory that is resident now, in MB (2^20 bytes). */
  readonly residentMB: number;
}

/** The kernel counts in hundredths of a second wherever it runs on x86-64 and arm64 (USER_HZ; https://man7.org/linux/man-pages/man7/time.7.html). */
const TICKS_PER_SECOND = 100;

/** By `/proc`, which only Linux has. */
export function usageOfProcess(pid: number): Usage {
  return {
    processor: processorIn(readFileSync(`/proc/${pid}/stat`, 'utf8')),
    residentMB: residentIn(readFileSync(`/proc/${pid}/status`, 'utf8')),
  };
}

/** Of `/proc/PID/stat`: its user and its system time are the 14th and 15th field (https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html). */
export function processorIn(stat: string): number {
  // The second field is a name in brackets, which may itself hold blanks and brackets.
  const [user = NaN, system = NaN] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number);
  return (user + system) / TICKS_PER_SECOND;
}

/** Of `/proc/PID/status`. */
export function residentIn(status: string): number {
  const [, kB = 'NaN'] = /^VmRSS:\s+(\d+) kB$/mu.exec(status) ?? [];
  return Number(kB) / 1024;
}
