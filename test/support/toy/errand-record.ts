import { sql } from 'kysely';
import type { LoopRecord } from '../../../activities/loop-record.ts';
import type { Database } from '../../../db/client.ts';
import { problem } from '../../../domain/problem.ts';
import type { ErrandCommand, ErrandEvent, ErrandState } from './errand.ts';

/** Stand-ins for money (a balance that never falls below zero) and custody (one holder at a time). */
export async function createErrandTables(db: Database): Promise<void> {
  await sql`CREATE TABLE purse (id int PRIMARY KEY, balance int NOT NULL CHECK (balance >= 0))`.execute(
    db,
  );
  await sql`CREATE TABLE purse_posting (loop_id uuid, amount int NOT NULL)`.execute(db);
  await sql`CREATE TABLE holder (loop_id uuid NOT NULL, person_id text NOT NULL)`.execute(db);
  await sql`CREATE TABLE blocked (command text PRIMARY KEY)`.execute(db);
  await sql`INSERT INTO purse VALUES (1, 100)`.execute(db);
}

export interface ErrandHooks {
  /** Runs inside the transaction, just before it commits. */
  beforeCommit?(): Promise<void>;
}

export const errandRecord = (
  hooks: ErrandHooks = {},
): LoopRecord<ErrandState, ErrandCommand, ErrandEvent> => ({
  async guard(tx, { command }) {
    const { rows } = await sql`SELECT 1 FROM blocked WHERE command = ${command.type}`.execute(tx);
    if (rows.length > 0) return { refused: problem('loop.not_open') };
    if (command.type !== 'work') return null;
    const taken = await sql`UPDATE purse SET balance = balance - ${command.amount}
      WHERE id = 1 AND balance >= ${command.amount} RETURNING balance`.execute(tx);
    return taken.rows.length > 0 ? null : { refused: problem('authority.forbidden') };
  },
  async project(tx, { id, command, after }) {
    if (command.type === 'work') {
      await sql`INSERT INTO purse_posting VALUES (${id}, ${command.amount})`.execute(tx);
    }
    if (command.type === 'ask') {
      await sql`INSERT INTO holder VALUES (${id}, ${after.asker})`.execute(tx);
    }
    if (command.type === 'finish') {
      await sql`INSERT INTO holder VALUES (${id}, ${after.doer})`.execute(tx);
    }
    await hooks.beforeCommit?.();
  },
});
