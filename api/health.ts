/** For whoever keeps the product running: whether it lives, whether it can work, and how it does. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import { sql } from 'kysely';
import type { ApiEnvironment, ApiParts } from './environment.ts';
import type { Metrics } from './metrics.ts';
import { limitTime } from './middleware/request.ts';

type HealthParts = Pick<ApiParts, 'db' | 'loops'> & { readonly metrics: Metrics };

/** Less than whoever asks waits for: a part that hangs is a part that is away. */
const answerTimeoutMs = 3_000;

export function registerHealth(
  app: OpenAPIHono<ApiEnvironment>,
  { db, loops, metrics }: HealthParts,
): void {
  app.get('/livez', (c) => c.text('alive'));
  app.get('/readyz', limitTime(answerTimeoutMs), async (c) => {
    const [database, temporal] = await Promise.all([
      sql`SELECT 1`.execute(db).then(
        () => true,
        () => false,
      ),
      loops.isReachable(),
    ]);
    return c.json({ database, temporal }, database && temporal ? 200 : 503);
  });
  app.get('/metrics', limitTime(answerTimeoutMs), async (c) =>
    c.body(await metrics.text(), 200, { 'content-type': metrics.contentType }),
  );
}
