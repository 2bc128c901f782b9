import { matches } from './fault.ts';
import type { Fault, FaultPlan, Matching } from './fault.ts';

/** Every request that matches meets the fault. */
export function always(matching: Matching, fault: Fault): FaultPlan {
  return (seen) => (matches(matching, seen) ? fault : undefined);
}

/** The first requests that match meet the fault, those after them do not. */
export function first(times: number, matching: Matching, fault: Fault): FaultPlan {
  let left = times;
  return (seen) => {
    if (left === 0 || !matches(matching, seen)) return undefined;
    left -= 1;
    return fault;
  };
}
