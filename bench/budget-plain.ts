/** The least that a request for money can be: a state machine in SQL, one transaction a step. */
import { randomUUID } from 'node:crypto';
import type postgres from 'postgres';

export async function preparePlain(sql: postgres.Sql): Promise<void> {
  await sql`CREATE TABLE plain_line (id int PRIMARY KEY, available bigint NOT NULL CHECK (available >= 0))`;
  await sql`INSERT INTO plain_line VALUES (1, 1000000000000)`;
  await sql`CREATE TABLE plain_request (id uuid PRIMARY KEY, status text NOT NULL, amount bigint NOT NULL)`;
  await sql`CREATE TABLE plain_audit (request_id uuid, step int, what text, PRIMARY KEY (request_id, step))`;
}

export interface PlainStep {
  readonly id: string;
  readonly step: 0 | 1 | 2;
}

/** Submitted with its money, approved, closed; each with its row of audit. */
export const plainSteps = [
  async (sql: postgres.TransactionSql, id: string): Promise<void> => {
    await sql`UPDATE plain_line SET available = available - 100 WHERE id = 1 AND available >= 100`;
    await sql`INSERT INTO plain_request VALUES (${id}, 'waiting', 100)`;
    await sql`INSERT INTO plain_audit VALUES (${id}, 0, 'submitted')`;
  },
  async (sql: postgres.TransactionSql, id: string): Promise<void> => {
    await sql`UPDATE plain_request SET status = 'approved' WHERE id = ${id} AND status = 'waiting'`;
    await sql`INSERT INTO plain_audit VALUES (${id}, 1, 'approved')`;
  },
  async (sql: postgres.TransactionSql, id: string): Promise<void> => {
    await sql`UPDATE plain_request SET status = 'closed' WHERE id = ${id} AND status = 'approved'`;
    await sql`INSERT INTO plain_audit VALUES (${id}, 2, 'closed')`;
  },
] as const;

export async function plainFlow(sql: postgres.Sql): Promise<void> {
  const id = randomUUID();
  for (const step of plainSteps) await sql.begin((tx) => step(tx, id));
}
