/** Numbers for whoever keeps the product running, as Prometheus reads them. No names, no addresses. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { type LoopHealth, loopHealth } from '../db/loop-health.ts';
import type { Instant } from '../domain/loop.ts';
import { zoneDataVersion } from '../domain/time/zone-data.ts';
import type { ApiParts } from './environment.ts';

export interface Metrics {
  observe(answered: Answered): void;
  /** By what became of it. */
  countMail(outcome: string): void;
  readonly contentType: string;
  text(): Promise<string>;
}

interface Answered {
  /** A documented path, never an address: the number of series stays small. */
  readonly operation: string | null;
  readonly method: string;
  readonly status: number;
  readonly seconds: number;
}

const bucketsSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20];
/** However often somebody reads them, Postgres is asked no more than this. */
const keptMs = 5_000;

export function createMetrics({ db, clock }: Pick<ApiParts, 'db' | 'clock'>): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const observe = createAnswers(registry);
  const mails = new Counter({
    name: 'meridian_mail_intake_total',
    help: 'Mails and reports of mails that came in, by what became of them',
    labelNames: ['outcome'],
    registers: [registry],
  });
  const show = createGauges(registry);
  let shownAt: Instant = -Infinity;
  return {
    observe,
    countMail: (outcome) => mails.inc({ outcome }),
    contentType: registry.contentType,
    async text() {
      if (clock.now() - shownAt >= keptMs) {
        shownAt = clock.now();
        show(await loopHealth(db, shownAt).catch(() => null));
      }
      return registry.metrics();
    },
  };
}

function createAnswers(registry: Registry): Metrics['observe'] {
  const registers = [registry];
  const answers = new Counter({
    name: 'meridian_http_answers_total',
    help: 'Requests answered, by operation and status',
    labelNames: ['method', 'operation', 'status'],
    registers,
  });
  const durations = new Histogram({
    name: 'meridian_http_answer_seconds',
    help: 'How long an operation took to answer',
    labelNames: ['method', 'operation'],
    buckets: bucketsSeconds,
    registers,
  });
  return ({ operation, method, status, seconds }) => {
    const known =
      operation === null ? { operation: 'other', method: 'any' } : { operation, method };
    answers.inc({ ...known, status });
    durations.observe(known, seconds);
  };
}

/** Null while Postgres is away: then they are absent rather than of before. */
function createGauges(registry: Registry): (health: LoopHealth | null) => void {
  const gauge = (name: string, help: string, ...labelNames: readonly string[]) =>
    new Gauge({ name: `meridian_${name}`, help, labelNames, registers: [registry] });
  const reachable = gauge('database_reachable', '1 when Postgres answered, else 0');
  const open = gauge('open_loops', 'Loops under way', 'loop');
  const stuck = gauge('stuck_loops', 'Loops that wait for an operator', 'loop');
  const overdue = gauge(
    'overdue_moments',
    'Loops whose next moment has been due for more than a minute',
    'loop',
  );
  const retries = gauge(
    'record_retries',
    'How often the record refused the steps of the clock that now wait for an operator',
  );
  const unsent = gauge('oldest_unsent_notice_seconds', 'Age of the oldest message that is due');
  const dead = gauge('dead_letters', 'Messages that could not be delivered');
  const unreached = gauge(
    'unreached_recalls',
    'People whom a recall about patients did not reach, and whom nobody has told yet',
  );
  const paused = gauge('paused_channels', 'Providers that rest after a burst of failures');
  const waiting = gauge('waiting_openings', 'Loops that a step asked for and that are not begun');
  const refused = gauge('refused_openings', 'Loops that a step asked for and that were refused');
  gauge('zone_data', 'The time-zone data this process computes with', 'version').set(
    { version: zoneDataVersion() },
    1,
  );
  return (health) => {
    const numbers = [retries, unsent, dead, unreached, paused, waiting, refused];
    for (const one of [open, stuck, overdue, ...numbers]) one.reset();
    reachable.set(health ? 1 : 0);
    if (!health) {
      for (const one of numbers) one.remove();
      return;
    }
    for (const { loop, ...counts } of health.loops) {
      open.set({ loop }, counts.open);
      stuck.set({ loop }, counts.stuck);
      overdue.set({ loop }, counts.overdue);
    }
    retries.set(health.refusals);
    unsent.set(health.oldestUnsentSeconds);
    dead.set(health.deadLetters);
    unreached.set(health.unreachedRecalls);
    paused.set(health.pausedChannels);
    waiting.set(health.waitingOpenings);
    refused.set(health.refusedOpenings);
  };
}
