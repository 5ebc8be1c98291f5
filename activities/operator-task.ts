import { randomUUID } from 'node:crypto';
import type { Database } from '../db/client.ts';
import type { Instant, RefusedMoment } from '../domain/loop.ts';

/** What the engine cannot settle by itself is shown to the operators, once a moment. */
export const createOpenOperatorTask =
  ({ db, clock }: { readonly db: Database; readonly clock: { now(): Instant } }) =>
  async ({ id, momentId, code, refusals }: RefusedMoment): Promise<void> => {
    await db
      .insertInto('operator_task')
      .values({
        id: randomUUID(),
        loop_id: id,
        moment_id: momentId,
        problem: code,
        refusals,
        opened_at: clock.now(),
      })
      .onConflict((conflict) =>
        conflict
          .columns(['loop_id', 'moment_id'])
          .doUpdateSet({ problem: code, refusals, closed_at: null }),
      )
      .execute();
  };
