/** Minutes of stretches of work, as `WorkingClock.stretches` answers them: start, end, start, end. */
import { minuteMs } from './zone.ts';

export function minutesOf(stretches: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < stretches.length; i += 2) sum += stretches[i + 1]! - stretches[i]!;
  return sum / minuteMs;
}

/** Within both. Each is sorted, and its parts lie apart. */
export function sharedMinutes(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const both = Math.min(a[i + 1]!, b[j + 1]!) - Math.max(a[i]!, b[j]!);
    if (both > 0) sum += both;
    if (a[i + 1]! < b[j + 1]!) i += 2;
    else j += 2;
  }
  return sum / minuteMs;
}
