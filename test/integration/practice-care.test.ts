/** Who looks after a practice: what is called back alone, who verifies it, what is said. */
import { expect, test } from 'vitest';
import { insertContent } from '../../db/contents.ts';
import { lastVerdict } from '../../db/practice-verdicts.ts';
import { practiceContents, practiceLimits } from '../../domain/exchange/practice.ts';
import type { ContentId, PersonId, RegionId } from '../../domain/id.ts';
import type { PracticeCommand } from '../../domain/practice/state.ts';
import { munich, rio } from '../support/exchange-people.ts';
import { german } from '../support/practice-story.ts';
import {
  clock,
  database,
  delivers,
  given,
  messages,
  recallStage,
  written,
} from '../support/recall-stage.ts';

recallStage();

test('a translation that another has replaced is called back from all who read it, once, by those cleared for it', async () => {
  const practice = await given();
  const sourceHash = practice.state.terms!.hashes.text;
  const approved = async (text: object) => {
    const body = { id: crypto.randomUUID() as ContentId, author: munich.translator };
    const kind = practiceContents.translation;
    await insertContent(database.db, { ...body, kind, body: text, at: clock.now() });
    const about = { locale: 'de', content: body.id, sourceHash } as const;
    const steps: PracticeCommand[] = [
      { type: 'translate', actor: munich.translator, ...about },
      { type: 'approveTranslation', actor: munich.officer, ...about, countries: ['DE'] },
    ];
    for (const command of steps) expect(await practice.does(command)).toBe('recorded');
    return body.id;
  };
  const wrong = await approved(german);
  for (const reader of [munich.seller, munich.partner]) await delivers(practice, reader);
  const right = await approved({ ...german, title: 'Nachsorge in 30 Tagen mit CardioFlow' });
  // One of them reads the better one on the very same way, and does not see what has changed.
  await delivers(practice, munich.seller);
  const note = await written('note', { text: 'The dose is wrong.' });
  const about = { type: 'refuseTranslation', locale: 'de', note, severity: 'safety' } as const;
  const calls = (actor: PersonId, content: ContentId) =>
    practice.does({ ...about, actor, content });
  expect(await calls(munich.translator, wrong)).toBe('practice.not_cleared');
  expect(await calls(munich.seller, wrong)).toBe('practice.not_cleared');
  expect(await calls(munich.officer, note)).toBe('practice.source_changed');
  expect(await calls(munich.officer, wrong)).toBe('recorded');
  expect(await messages(practice)).toMatchObject(
    [munich.partner, munich.seller].map((person_id) => ({
      person_id,
      key: 'practice.recall_mistranslated',
      locale: 'de',
      params: { title: { title: wrong } },
    })),
  );
  expect(await calls(munich.officer, wrong)).toBe('practice.source_changed');
  expect(await delivers(practice, munich.seller)).toMatchObject({ content: right });
});

test('only who is cleared there is named expert; an author who is not named is as if another were, and verifies nothing', async () => {
  const { db } = database;
  const practice = await given({ isAuthorHidden: true });
  const names = (person: PersonId) =>
    practice.does({ type: 'nameExpert', actor: munich.officer, country: 'DE', person });
  expect(await names(munich.seller)).toBe('practice.expert_not_cleared');
  // Who is not cleared is refused whether they wrote it or not.
  expect(await names(rio.author)).toBe('practice.expert_not_cleared');
  await db
    .insertInto('person_role')
    .values({ person_id: rio.author, role: 'clinical-reviewer', region_id: 'dach' })
    .execute();
  const open = await given();
  const named = { type: 'nameExpert', actor: munich.officer, country: 'DE' } as const;
  expect(await open.does({ ...named, person: rio.author })).toBe('practice.expert_not_cleared');
  expect(await names(rio.author)).toBe('recorded');
  await practice.replans();
  expect(practice.moments.find(({ command }) => command.type === 'handOn')?.at).toBeGreaterThan(
    clock.now() + 100 * 86_400_000,
  );
  const verify = { type: 'verify', country: 'DE', version: 1, isValid: true, note: null } as const;
  expect(await practice.does({ ...verify, actor: rio.author })).toBe('practice.own_review');
  await db.deleteFrom('person_role').where('person_id', '=', rio.author).execute();
});

test('somebody says so many things of a practice at most', async () => {
  const practice = await given();
  const says = async () => {
    const last = await lastVerdict(database.db, { practice: practice.id, person: munich.seller });
    const before = last && { verdict: last.verdict, country: last.country, at: last.at };
    clock.moveTo(clock.now() + 1_000);
    const said = { verdict: 'tried', region: 'dach' as RegionId, country: 'DE' } as const;
    return practice.does({ type: 'judge', actor: munich.seller, ...said, content: null, before });
  };
  expect(await says()).toBe('recorded');
  await database.db
    .updateTable('practice_verdict')
    .set({ number: practiceLimits.verdictsPerPersonMax - 1 })
    .where('practice_id', '=', practice.id)
    .execute();
  expect([await says(), await says()]).toEqual(['recorded', 'practice.too_many_verdicts']);
});
