/** Rounds of feedback: what is shown of them, who is asked when, and answers that are nobody's. */
import { sql, type Transaction } from 'kysely';
import type { Actor } from '../domain/authority.ts';
import { formerRoundsMax, type NamedRound } from '../domain/feedback-round/apart.ts';
import { type ShownGroup, shownTogether } from '../domain/feedback-round/groups.ts';
import type { Answered, KeptAnswer, Rank } from '../domain/feedback-round/report.ts';
import type { RoundFacts, RoundState, RoundStatus } from '../domain/feedback-round/state.ts';
import type { LoopId, PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import { problem, Refusal } from '../domain/problem.ts';
import type { Query } from './client.ts';
import type { DB } from './schema.ts';
import { maySeeRound } from './visibility.ts';

type Tx = Transaction<DB>;

/** Of those who wait, when they were asked for others. */
export async function roundFacts(tx: Tx, { raters }: RoundState): Promise<RoundFacts> {
  const waiting = raters.filter(({ status }) => status === 'waiting').map(({ person }) => person);
  if (waiting.length === 0) return { asks: {} };
  const { rows } = await sql<{ person: PersonId; at: Instant }>`
    SELECT person_id AS person, asked_at AS at FROM feedback_ask
    WHERE person_id = ANY (${waiting}::text[]) ORDER BY asked_at`.execute(tx);
  const asks: Record<PersonId, Instant[]> = {};
  for (const { person, at } of rows) (asks[person] ??= []).push(at);
  return { asks };
}

/** Whoever asks the same person for something else waits until this is told; then looks again. */
export async function asksOf(tx: Tx, person: PersonId): Promise<readonly Instant[]> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`feedback:${person}`}, 0))`.execute(tx);
  const { rows } = await sql<{ at: Instant }>`
    SELECT asked_at AS at FROM feedback_ask WHERE person_id = ${person}`.execute(tx);
  return rows.map(({ at }) => at);
}

interface ProjectedRound {
  readonly id: LoopId;
  readonly at: Instant;
  readonly after: RoundState;
  readonly isClosed: boolean;
}

export async function projectRound(
  tx: Tx,
  { id, at, after, isClosed }: ProjectedRound,
): Promise<void> {
  const { subject, starter, manager, status, closesAt } = after;
  const answered = status === 'closed' ? JSON.stringify(answeredOf(after)) : null;
  await sql`
    INSERT INTO feedback_round (id, subject_id, starter_id, manager_id, status, closes_at)
    VALUES (${id}, ${subject}, ${starter}, ${manager}, ${status}, ${closesAt}::timestamptz)
    ON CONFLICT (id) DO UPDATE SET manager_id = excluded.manager_id, status = excluded.status,
      answered = ${answered}::text::jsonb, closed_at = ${isClosed ? at : null}::timestamptz`
    .execute(tx)
    .catch((error: unknown) => {
      const constraint =
        error instanceof Error && 'constraint_name' in error && error.constraint_name;
      throw constraint === 'feedback_round_open'
        ? new Refusal(problem('feedback.already_open'))
        : error;
    });
  if (!isClosed) return;
  await sql`DELETE FROM feedback_staged WHERE round_id = ${id}`.execute(tx);
  // Beside the steps that say who answered, what so few said would be known to be theirs.
  if (status === 'closed' && shownTogether(answeredOf(after)) !== null) return;
  await sql`DELETE FROM feedback_answer
    WHERE round_id = ${id} AND (shown_as <> 'self' OR ${status} <> 'closed')`.execute(tx);
}

function answeredOf({ raters }: RoundState): Answered {
  const counts: Partial<Record<keyof Answered, number>> = {};
  for (const { status, shownAs, group } of raters) {
    if (status !== 'answered' || shownAs === 'self') continue;
    const name = group === 'manager' ? group : shownAs;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** Of the same person, of which something was shown since then; the latest first. */
export async function formerRounds(
  tx: Tx,
  { subject, since }: { readonly subject: PersonId; readonly since: Instant },
): Promise<readonly NamedRound[]> {
  const { rows } = await sql<NamedRound & { readonly answered: Answered }>`
    SELECT r.answered, r.subject_id AS subject, i.state->'state'->>'manager' AS manager,
      i.state->'state'->'nominees' AS nominees
    FROM feedback_round r JOIN loop_instance i ON i.id = r.id
    WHERE r.subject_id = ${subject} AND r.status = 'closed' AND r.closed_at > ${since}::timestamptz
    ORDER BY r.closed_at DESC LIMIT ${formerRoundsMax + 1}`.execute(tx);
  return rows.filter(({ answered }) => shownTogether(answered) !== null);
}

interface Ask {
  readonly round: LoopId;
  readonly person: PersonId;
  readonly at: Instant;
}

export async function keepAsk(tx: Tx, { round, person, at }: Ask): Promise<void> {
  await sql`INSERT INTO feedback_ask (round_id, person_id, asked_at)
    VALUES (${round}, ${person}, ${at}::timestamptz)`.execute(tx);
}

export interface Answer {
  readonly competency: string;
  readonly rank: Rank;
  readonly comment: string | null;
}

interface Staged {
  readonly ticket: string;
  readonly round: LoopId;
  readonly answers: readonly Answer[];
}

export async function stageAnswers(
  query: Query,
  { ticket, round, answers }: Staged,
): Promise<void> {
  await sql`INSERT INTO feedback_staged (ticket, round_id, answers)
    VALUES (${ticket}, ${round}, ${JSON.stringify(answers)}::text::jsonb)`.execute(query);
}

export async function dropStaged(query: Query, ticket: string): Promise<void> {
  await sql`DELETE FROM feedback_staged WHERE ticket = ${ticket}`.execute(query);
}

interface Taken {
  readonly ticket: string;
  readonly round: LoopId;
  readonly shownAs: ShownGroup | 'self';
}

/** False where nothing waits under that ticket. What is there already is written anew with it. */
export async function takeAnswers(tx: Tx, { ticket, round, shownAs }: Taken): Promise<boolean> {
  const { rows } = await sql<{ answers: Answer[] }>`
    DELETE FROM feedback_staged WHERE ticket = ${ticket} AND round_id = ${round}
    RETURNING answers`.execute(tx);
  const [staged] = rows;
  if (!staged) return false;
  const { rows: before } = await sql<Answer & { readonly shownAs: string }>`
    DELETE FROM feedback_answer WHERE round_id = ${round}
    RETURNING shown_as AS "shownAs", competency, rank, comment`.execute(tx);
  const all = [...before, ...staged.answers.map((answer) => ({ ...answer, shownAs }))];
  await sql`
    INSERT INTO feedback_answer (pseudonym, round_id, shown_as, competency, rank, comment)
    SELECT a.pseudonym, ${round}, a."shownAs", a.competency, a.rank, a.comment
    FROM (SELECT gen_random_uuid() AS pseudonym, given.* FROM jsonb_to_recordset(
      ${JSON.stringify(all)}::text::jsonb) AS given ("shownAs" text, competency text, rank int, comment text)
    ) a ORDER BY a.pseudonym`.execute(tx);
  return true;
}

export interface RoundRow {
  readonly id: LoopId;
  readonly subject: { readonly id: PersonId; readonly name: string };
  readonly manager: { readonly id: PersonId; readonly name: string };
  readonly starter: PersonId;
  readonly status: RoundStatus;
  readonly closesAt: Instant;
  readonly closedAt: Instant | null;
  readonly answered: Answered | null;
  readonly state: RoundState;
  readonly revision: number;
  readonly isHeld: boolean;
}

export async function findRound(query: Query, id: LoopId): Promise<RoundRow | null> {
  const { rows } = await sql<RoundRow>`
    SELECT r.id, jsonb_build_object('id', s.id, 'name', s.name) AS subject,
      jsonb_build_object('id', m.id, 'name', m.name) AS manager, r.starter_id AS starter, r.status,
      r.closes_at AS "closesAt", r.closed_at AS "closedAt", r.answered, i.state->'state' AS state,
      i.revision, i.held_at IS NOT NULL AS "isHeld"
    FROM feedback_round r JOIN loop_instance i ON i.id = r.id
    JOIN person s ON s.id = r.subject_id JOIN person m ON m.id = r.manager_id
    WHERE r.id = ${id}`.execute(query);
  return rows[0] ?? null;
}

export type RoundSummary = Pick<RoundRow, 'id' | 'subject' | 'status' | 'closesAt' | 'closedAt'>;

const roundsMax = 100;

/** The latest first, of those the actor may see. */
export async function listRounds(query: Query, actor: Actor): Promise<readonly RoundSummary[]> {
  const { rows } = await sql<RoundSummary>`
    SELECT r.id, jsonb_build_object('id', s.id, 'name', s.name) AS subject, r.status,
      r.closes_at AS "closesAt", r.closed_at AS "closedAt"
    FROM feedback_round r JOIN person s ON s.id = r.subject_id
    WHERE ${maySeeRound(actor, sql.ref('r.id'))}
    ORDER BY r.closes_at DESC, r.id LIMIT ${roundsMax}`.execute(query);
  return rows;
}

/** Of a closed round alone: what is written while it goes on is read by nobody. */
export async function keptAnswers(query: Query, round: LoopId): Promise<readonly KeptAnswer[]> {
  const { rows } = await sql<KeptAnswer>`
    SELECT a.shown_as AS "group", a.competency, a.rank, a.comment
    FROM feedback_answer a JOIN feedback_round r ON r.id = a.round_id
    WHERE a.round_id = ${round} AND r.status = 'closed'`.execute(query);
  return rows;
}

/** In the order in which all nine are shown. */
export async function competencyKeys(query: Query): Promise<readonly string[]> {
  const { rows } = await sql<{ key: string }>`
    SELECT key FROM competency ORDER BY position`.execute(query);
  return rows.map(({ key }) => key);
}
