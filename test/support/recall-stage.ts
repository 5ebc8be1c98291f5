/** Practices cleared in Germany and Japan by their record, to be read there and called back. */
import { afterAll, beforeAll, expect } from 'vitest';
import { loops } from '../../activities/loops.ts';
import { createRecord } from '../../activities/record.ts';
import { insertContent } from '../../db/contents.ts';
import { recordDelivery } from '../../db/practice-deliveries.ts';
import { sourceHashes } from '../../db/practice-hashes.ts';
import { practiceContents } from '../../domain/exchange/practice.ts';
import type { ContentId, NoticeId, PersonId } from '../../domain/id.ts';
import { practiceRules } from '../../domain/practice/decide.ts';
import type { PracticeCommand, Terms } from '../../domain/practice/state.ts';
import { testDatabase, type TestDatabase } from './database.ts';
import { givenExchangePeople, munich, osaka, rio } from './exchange-people.ts';
import { portuguese } from './practice-story.ts';
import { recordedLoop } from './recorded-loop.ts';
import { termsOf as practiceTerms } from './practice-steps.ts';
import { nextMonday, storyClock } from './story-clock.ts';

export const clock = storyClock(nextMonday() + 9 * 3_600_000);
export const started: NoticeId[] = [];
export let database: TestDatabase;

/** One database for the tests of a file. */
export function recallStage(): void {
  beforeAll(async () => {
    database = await testDatabase();
    await givenExchangePeople(database.db, clock.now());
  });
  afterAll(() => database.drop());
}

let number = 0;
export async function written(
  kind: keyof typeof practiceContents,
  body: object,
): Promise<ContentId> {
  const id = `00000000-0000-4000-8000-${String(++number).padStart(12, '0')}` as ContentId;
  const row = { id, author: rio.author, kind: practiceContents[kind], body, at: clock.now() };
  await insertContent(database.db, row);
  return id;
}

export const termsOf = async (more: Partial<Terms> = {}): Promise<Terms> =>
  practiceTerms('', {
    isForPartners: true,
    content: await written('source', portuguese),
    hashes: sourceHashes(portuguese, 'pt-BR'),
    ...more,
  });

/** Cleared in Germany and Japan. */
export async function given(more: Partial<Terms> = {}) {
  const record = createRecord({
    db: database.db,
    clock,
    loops,
    startDeliveries: (ids) => void started.push(...ids),
  });
  const practice = recordedLoop({ record, clock }, practiceRules);
  const steps: PracticeCommand[] = [
    {
      type: 'draft',
      actor: rio.author,
      author: rio.author,
      terms: await termsOf(more),
    },
    { type: 'submit', actor: rio.author },
    ...[
      { country: 'DE', ...munich },
      { country: 'JP', ...osaka },
    ].flatMap(({ country, doctor, officer }): PracticeCommand[] =>
      (['clinical', 'compliance'] as const).map((kind) => ({
        type: 'review',
        actor: kind === 'clinical' ? doctor : officer,
        kind,
        country,
        product: 'stent',
        isApproved: true,
        version: 1,
        note: null,
      })),
    ),
  ];
  for (const command of steps) expect(await practice.does(command)).toBe('recorded');
  return practice;
}

export type Practice = Awaited<ReturnType<typeof given>>;

export const withdraws = async (practice: Practice): Promise<string> =>
  practice.does({
    type: 'withdraw',
    actor: munich.officer,
    severity: 'safety',
    note: await written('note', { text: 'The valve may stick.' }),
  });

export const delivers = ({ id }: Practice, person: PersonId) =>
  database.db
    .transaction()
    .execute((tx) => recordDelivery(tx, { practice: id, person, via: 'page', at: clock.now() }));

export const recalled = async ({ id }: Practice) => {
  const rows = await database.db
    .selectFrom('practice_recall_recipient')
    .select(['person_id', 'notice_id'])
    .where('practice_id', '=', id)
    .orderBy('person_id')
    .execute();
  return rows.map((row) => ({ person: row.person_id, notice: row.notice_id }));
};

export const messages = async ({ id }: Practice) =>
  database.db
    .selectFrom('practice_recall_recipient as r')
    .innerJoin('practice_recall as c', (join) =>
      join.onRef('c.practice_id', '=', 'r.practice_id').onRef('c.sequence', '=', 'r.sequence'),
    )
    .innerJoin('notice as n', 'n.id', 'r.notice_id')
    .select(['r.person_id', 'n.key', 'n.urgency', 'n.locale', 'n.params', 'c.severity'])
    .where('r.practice_id', '=', id)
    .orderBy('r.person_id')
    .execute();
