import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listAccounts } from '../../api/directory/list-accounts.ts';
import { listPeople } from '../../api/directory/list-people.ts';
import type { DirectoryParts } from '../../api/directory/parts.ts';
import { readAccount } from '../../api/directory/read-account.ts';
import { readCustody } from '../../api/directory/read-custody.ts';
import { readPerson } from '../../api/directory/read-person.ts';
import { DirectoryRefusal, replaceDirectory } from '../../api/directory/replace-directory.ts';
import {
  accountAnswer,
  accountsAnswer,
  custodyAnswer,
  peopleAnswer,
  personAnswer,
  replacedAnswer,
} from '../../api/directory/schema.ts';
import { moveCustody } from '../../db/accounts.ts';
import { loadActor } from '../../db/actors.ts';
import type { Actor } from '../../domain/authority.ts';
import type { AccountId, LoopId, PersonId } from '../../domain/id.ts';
import type { Page } from '../../api/cursor.ts';
import { type ImportStory, importStory } from '../support/import-story.ts';

const start = Date.UTC(2026, 10, 23, 9);
const hour = 3_600_000;
const demo = readFileSync(new URL('../../bin/demo/organisation.json', import.meta.url), 'utf8');
const loop = '00000000-0000-4000-8000-000000000001' as LoopId;
const hedwig = 'st-hedwig-clinics';

let story: ImportStory;
let parts: DirectoryParts;
beforeAll(async () => {
  story = await importStory(start);
  parts = { db: story.db, clock: story.clock };
  await story.importText(demo);
});
afterAll(() => story.drop());

const as = async (id: string): Promise<Actor> =>
  (await loadActor(story.db, id as PersonId, story.clock.at))!;

/** All pages, one after the other. */
async function all<Item>(
  ask: (input: { cursor: string | undefined; limit: number }) => Promise<Page<Item>>,
): Promise<{ readonly items: readonly Item[]; readonly pages: number }> {
  const items: Item[] = [];
  let cursor: string | undefined;
  for (let pages = 1; ; pages++) {
    const page = await ask({ cursor, limit: 5 });
    items.push(...page.items);
    if (page.next === null) return { items, pages };
    cursor = page.next;
  }
}

describe('people', () => {
  test('are listed page by page, each once, by id', async () => {
    const actor = await as('berlin-lead');
    const { items, pages } = await all((input) => listPeople(parts, { actor, input }));
    const ids = items.map(({ id }) => id);
    expect(pages).toBe(7);
    expect(ids).toHaveLength(33);
    expect(ids).toEqual([...new Set(ids)].toSorted());
    expect(peopleAnswer.safeParse({ items, next: null }).success).toBe(true);
  });

  test('read in the language of their region unless they chose their own', async () => {
    const actor = await as('berlin-lead');
    const person = await readPerson(parts, { actor, input: { id: 'tokyo-lead' } });
    expect(person).toMatchObject({ locale: 'ja', zone: 'Asia/Tokyo', backup: 'tokyo-backup' });
    expect(personAnswer.safeParse(person).success).toBe(true);
  });

  test('of other companies see their team and their line, and nobody else exists for them', async () => {
    const actor = await as('osaka-partner-lead');
    const { items } = await all((input) => listPeople(parts, { actor, input }));
    expect(items.map(({ id }) => id)).toEqual([
      'managing-director',
      'osaka-partner-lead',
      'osaka-partner-manager',
      'tokyo-manager',
    ]);
    for (const id of ['berlin-lead', 'nobody-at-all']) {
      await expect(readPerson(parts, { actor, input: { id } })).rejects.toMatchObject({
        problem: { code: 'request.not_found' },
      });
    }
  });
});

describe('accounts', () => {
  test('say who owns them now, and who did at any instant', async () => {
    const actor = await as('london-lead');
    await story.sql`INSERT INTO loop_instance (id, loop) VALUES (${loop}, 'handoff')`;
    const move = { account: hedwig as AccountId, to: 'tokyo-lead' as PersonId, at: start + hour };
    await moveCustody(story.db, { ...move, by: loop });
    story.clock.at = start + 2 * hour;
    const at = async (text?: string) => {
      const account = await readAccount(parts, { actor, input: { id: hedwig, at: text } });
      expect(accountAnswer.safeParse(account).success).toBe(true);
      return account.custodian?.id ?? null;
    };
    expect(await at()).toBe('tokyo-lead');
    expect(await at('2026-11-23T09:59:59.999Z')).toBe('berlin-lead');
    expect(await at('2026-11-23T11:00:00+01:00')).toBe('tokyo-lead');
    expect(await at('2026-11-23T08:59:59Z')).toBeNull();
    const custody = await readCustody(parts, { actor, input: { id: hedwig, limit: 1 } });
    expect(custody.items).toEqual([
      {
        custodian: { id: 'tokyo-lead', name: '佐藤 美咲' },
        from: '2026-11-23T10:00:00.000Z',
        until: null,
        by: { loop: 'handoff', id: loop },
      },
    ]);
    const input = { id: hedwig, limit: 1, cursor: custody.next! };
    const earlier = await readCustody(parts, { actor, input });
    expect(earlier).toMatchObject({ items: [{ custodian: { id: 'berlin-lead' } }], next: null });
    expect(custodyAnswer.safeParse(earlier).success).toBe(true);
  });

  test('of others do not exist for a partner', async () => {
    const actor = await as('osaka-partner-lead');
    const page = await listAccounts(parts, { actor, input: { limit: 50 } });
    expect(page.items.map(({ id }) => id)).toEqual(['kansai-clinic-group']);
    expect(accountsAnswer.safeParse(page).success).toBe(true);
    const missing = { problem: { code: 'request.not_found' } };
    const input = { id: hedwig, limit: 5 };
    await expect(readAccount(parts, { actor, input })).rejects.toMatchObject(missing);
    await expect(readCustody(parts, { actor, input })).rejects.toMatchObject(missing);
  });

  test('are listed page by page', async () => {
    const actor = await as('berlin-lead');
    const { items } = await all((input) => listAccounts(parts, { actor, input }));
    expect(items.map(({ id }) => id)).toHaveLength(7);
  });
});

describe('the directory', () => {
  test('is replaced by an admin, and by the same file not at all', async () => {
    const actor = await as('admin');
    const input = { value: JSON.parse(demo) as unknown };
    const answer = await replaceDirectory(parts, { actor, input });
    expect(answer).toMatchObject({ isUnchanged: true, replanned: 0 });
    expect(replacedAnswer.safeParse(answer).success).toBe(true);
  });

  test('is replaced by nobody else', async () => {
    for (const id of ['operator', 'berlin-manager', 'managing-director', 'osaka-partner-lead']) {
      const actor = await as(id);
      await expect(replaceDirectory(parts, { actor, input: { value: {} } })).rejects.toMatchObject({
        problem: { code: 'authority.forbidden' },
      });
    }
  });

  test('is refused with every mistake when one is wrong', async () => {
    const actor = await as('admin');
    const file = JSON.parse(demo) as { people: { zone: string }[] };
    file.people[17]!.zone = 'Europe/Munchen';
    const refusal = await replaceDirectory(parts, { actor, input: { value: file } }).catch(
      (thrown: unknown) => thrown,
    );
    expect(refusal).toBeInstanceOf(DirectoryRefusal);
    expect(refusal).toMatchObject({
      problem: { code: 'directory.invalid', params: { mistakes: 1 } },
      findings: [{ path: 'people[17].zone', code: 'zone_unknown' }],
    });
  });

  test('that cannot be read at all is another problem', async () => {
    const actor = await as('admin');
    await expect(replaceDirectory(parts, { actor, input: { json: '{' } })).rejects.toMatchObject({
      problem: { code: 'directory.malformed' },
    });
  });
});
