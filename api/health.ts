/** For whoever keeps the product running: whether it lives, whether it can work, and how it does. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import { sql } from 'kysely';
import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';
import type { ApiEnvironment, ApiParts } from './environment.ts';

export interface Metrics {
  observe(answered: Answered): void;
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

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const answers = new Counter({
    name: 'meridian_http_answers_total',
    help: 'Requests answered, by operation and status',
    labelNames: ['method', 'operation', 'status'],
    registers: [registry],
  });
  const durations = new Histogram({
    name: 'meridian_http_answer_seconds',
    help: 'How long an operation took to answer',
    labelNames: ['method', 'operation'],
    buckets: bucketsSeconds,
    registers: [registry],
  });
  return {
    observe({ operation, method, status, seconds }) {
      const known =
        operation === null ? { operation: 'other', method: 'any' } : { operation, method };
      answers.inc({ ...known, status });
      durations.observe(known, seconds);
    },
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}

type HealthParts = Pick<ApiParts, 'db' | 'loops'> & { readonly metrics: Metrics };

export function registerHealth(
  app: OpenAPIHono<ApiEnvironment>,
  { db, loops, metrics }: HealthParts,
): void {
  app.get('/livez', (c) => c.text('alive'));
  app.get('/readyz', async (c) => {
    const [database, temporal] = await Promise.all([
      sql`SELECT 1`.execute(db).then(
        () => true,
        () => false,
      ),
      loops.isReachable(),
    ]);
    return c.json({ database, temporal }, database && temporal ? 200 : 503);
  });
  app.get('/metrics', async (c) =>
    c.body(await metrics.text(), 200, { 'content-type': metrics.contentType }),
  );
}
