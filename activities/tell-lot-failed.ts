/** Operators hear by one line of the log of messages that are done one by one, since together they failed. */
import type { Lot } from '../db/gathered-notices.ts';
import { codeOf, isOutage } from '../db/outage.ts';

/** While Postgres is away each fails by itself, too, and is told of there. What was in them is nobody's to read. */
export function tellLotFailed(lot: Lot, error: unknown): void {
  if (isOutage(error)) return;
  const code = codeOf(error) || (error instanceof Error ? error.name : 'unknown');
  const line = { level: 'error', event: 'lot_failed', lot, code };
  process.stderr.write(`${JSON.stringify(line)}\n`);
}
