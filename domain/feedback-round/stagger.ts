/** When somebody is asked for yet another answer, so that it is never too much at once. */
import type { Instant } from '../loop.ts';

const asksMax = 2;
const asksWithinMs = 14 * 86_400_000;

/**
 * The earliest instant from `from` on at which one more ask makes no more than `asksMax` within any half-open
 * fortnight, whatever asks there are before or after it.
 */
export function nextAsk(asks: readonly Instant[], from: Instant): Instant {
  const candidates = [from, ...asks.map((at) => at + asksWithinMs).filter((at) => at > from)];
  const first = candidates.toSorted((a, b) => a - b).find((at) => isLittle(asks, at));
  // After the last of them everything is a fortnight ago.
  return first ?? Math.max(from, ...asks.map((at) => at + asksWithinMs));
}

/** A fortnight that holds too many asks begins with one of them. */
function isLittle(asks: readonly Instant[], at: Instant): boolean {
  const all = [...asks, at];
  return all.every(
    (begin) =>
      begin > at ||
      at >= begin + asksWithinMs ||
      all.filter((one) => begin <= one && one < begin + asksWithinMs).length <= asksMax,
  );
}
