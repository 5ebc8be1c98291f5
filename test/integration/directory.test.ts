import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { importDirectory, type ImportResult } from '../../api/directory/import-directory.ts';
import { custodianAt, custodyHistory, moveCustody } from '../../db/accounts.ts';
import { openDatabase } from '../../db/client.ts';
import { lockPeople } from '../../db/people.ts';
import { entriesMax } from '../../domain/directory/directory.ts';
import type { AccountId, LoopId, PersonId } from '../../domain/id.ts';
import { type DirectoryFile, directoryFile, put } from '../support/directory-file.ts';
import { applied, type ImportStory, importStory, refused } from '../support/import-story.ts';
import { proofSize, reportProof } from '../support/proof.ts';

const start = Date.UTC(2026, 10, 23, 9);
const hour = 3_600_000;
const person = (id: string) => id as PersonId;

let story: ImportStory;
beforeAll(async () => {
  story = await importStory(start);
});
afterAll(() => story.drop());
beforeEach(() => story.forget());

const loop = '00000000-0000-4000-8000-000000000001' as LoopId;
const hedwig = 'st-hedwig-clinics' as AccountId;

/** By a loop, as far as custody needs one. */
async function givenMoved(to: PersonId): Promise<void> {
  await story.sql`INSERT INTO loop_instance (id, loop) VALUES (${loop}, 'handoff')`;
  await moveCustody(story.db, { account: hedwig, to, at: story.clock.at, by: loop });
}

describe('an import', () => {
  test('puts the whole organisation in place, with an owner for each account from that instant', async () => {
    const result = applied(await story.importFile());
    expect(result.changes).toMatchObject({
      regions: { added: 2, changed: 0, removed: 0 },
      people: { added: 6, changed: 0, removed: 0 },
      accounts: { added: 2 },
      policies: { added: 2 },
    });
    expect(result.replanned).toEqual([]);
    expect(await custodyHistory(story.db, { account: hedwig, limit: 9 })).toEqual([
      { owner: { id: 'berlin-lead', name: 'Somebody Else' }, from: start, until: null, by: null },
    ]);
    expect(await custodianAt(story.db, hedwig, start - 1)).toBeNull();
    expect(await story.revisions()).toMatchObject({ director: 1, 'tokyo-lead': 1 });
  });

  test('of the same file again changes nothing and says so', async () => {
    await story.importFile();
    const before = await story.everything();
    story.clock.at += hour;
    const result = applied(await story.importFile());
    expect(result).toMatchObject({ isUnchanged: true, replanned: [], calendarChangeId: null });
    expect(await story.everything()).toBe(before);
  });

  test('of the demo organisation works, twice', async () => {
    const demo = readFileSync(new URL('../../bin/demo/organisation.json', import.meta.url), 'utf8');
    expect(applied(await story.importText(demo)).isUnchanged).toBe(false);
    const before = await story.everything();
    expect(applied(await story.importText(demo)).isUnchanged).toBe(true);
    expect(await story.everything()).toBe(before);
  });

  test('with one mistake among good changes writes none of them', async () => {
    await story.importFile();
    const before = await story.everything();
    const errors = refused(
      await story.importFile((file) => {
        put(file.people[0]!, { name: 'Another Name' });
        put(file.people[4]!, { zone: 'Asia/Tokio' });
      }),
    );
    expect(errors.map(({ path }) => path)).toEqual(['people[4].zone']);
    expect(await story.everything()).toBe(before);
  });

  test('into an empty database that fails half way leaves it empty', async () => {
    const empty = await story.everything();
    await story.sql`CREATE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'the disk is full'; END $$`;
    await story.sql`CREATE TRIGGER fails BEFORE INSERT ON policy EXECUTE FUNCTION fails()`;
    await expect(story.importFile()).rejects.toThrow('the disk is full');
    await story.sql`DROP FUNCTION fails CASCADE`;
    expect(await story.everything()).toBe(empty);
  });

  test('writes what was changed in the file and nothing else', async () => {
    await story.importFile();
    const result = applied(
      await story.importFile((file) => {
        put(file.people[2]!, { name: 'Another Name', roles: ['account-lead'] });
        put(file.people[3]!, { roles: ['regional-manager@japan'] });
        file.holidays.pop();
        put(file.policies[0]!, { value: 360 });
      }),
    );
    const nothing = { added: 0, changed: 0, removed: 0 };
    expect(result.changes).toEqual({
      regions: nothing,
      weeks: nothing,
      rosters: nothing,
      teams: nothing,
      people: { ...nothing, changed: 2 },
      accounts: nothing,
      holidays: { ...nothing, removed: 1 },
      absences: nothing,
      oneOffs: nothing,
      delegations: nothing,
      policies: { ...nothing, changed: 1 },
      targetProfiles: nothing,
      descriptors: nothing,
      quotas: nothing,
      identities: nothing,
    });
    expect(
      await story.sql`SELECT role, region_id FROM person_role WHERE person_id = 'tokyo-manager'`,
    ).toEqual([{ role: 'regional-manager', region_id: 'japan' }]);
  });

  test('says what somebody is trained for and speaks, and takes it back with a later file', async () => {
    const skills = async () =>
      story.sql`SELECT products, languages FROM person WHERE id = 'tokyo-lead'`;
    applied(
      await story.importFile((file) => {
        const lead = file.people.find(({ id }) => id === 'tokyo-lead')!;
        Object.assign(lead, { products: ['imaging'], languages: ['en', 'ko'] });
      }),
    );
    expect(await skills()).toMatchObject([{ products: ['imaging'], languages: ['en', 'ko'] }]);
    applied(await story.importFile());
    expect(await skills()).toMatchObject([{ products: [], languages: [] }]);
  });

  test('takes the policies as they are documented', async () => {
    const text = readFileSync(new URL('../../docs/operating.md', import.meta.url), 'utf8');
    const value = JSON.parse(/```json\n([^`]*"terms"[^`]*)```/.exec(text)?.[1] ?? '') as unknown;
    applied(
      await story.importFile(({ policies }) =>
        policies.push({ key: 'handoff.redFlags', validFrom: '2026-01-01', value }),
      ),
    );
    const [stored] = await story.sql`SELECT value FROM policy WHERE key = 'handoff.redFlags'`;
    expect(stored?.['value']).toEqual(value);
  });

  test('waits for the one before it, so that two at once are as if one after the other', async () => {
    const changes = ['Asia/Tokyo', 'Europe/Paris', 'Europe/Rome', 'Asia/Seoul'];
    const results = await Promise.all(
      changes.map((zone) => story.importFile((file) => put(file.people[2]!, { zone }))),
    );
    expect(results.every(({ ok }) => ok)).toBe(true);
    expect(await story.revisions()).toMatchObject({ 'berlin-lead': changes.length, director: 1 });
  });

  test('may take longer than everyday statements', async () => {
    const limits = { statementTimeoutMs: 200, transactionTimeoutMs: 200 };
    const hasty = openDatabase({ url: story.url, ...limits });
    let importing: Promise<ImportResult> | undefined;
    await story.sql.begin(async (tx) => {
      await tx`SELECT pg_advisory_xact_lock(727275)`;
      const json = JSON.stringify(directoryFile());
      importing = importDirectory({ db: hasty, clock: story.clock }, { json });
      await story.waitsForLock();
      await tx`SELECT pg_sleep(0.4)`;
    });
    expect(applied(await importing!).isUnchanged).toBe(false);
    await hasty.destroy();
  });

  test('of a large organisation is as good as one of a small', { timeout: 300_000 }, async () => {
    const count = proofSize(2_000, entriesMax.people);
    reportProof('import, people', count);
    const large = (file: DirectoryFile) => {
      const [lead] = file.people;
      for (let index = file.people.length; index < count; index++) {
        const manager = `p-${Math.floor((index - 7) / 8) + 6}`;
        const person = { ...lead!, id: `p-${index}`, email: `p-${index}@example.org`, roles: [] };
        file.people.push({ ...person, manager: index < 14 ? 'director' : manager });
        file.accounts.push({ ...file.accounts[0]!, id: `a-${index}`, owner: `p-${index}` });
        if (file.accounts.length > entriesMax.accounts) file.accounts.pop();
      }
    };
    expect(applied(await story.importFile(large)).changes.people.added).toBe(count);
    const again = await story.importFile((file) => {
      large(file);
      put(file.people.at(-1)!, { zone: 'Europe/Paris' });
    });
    expect(applied(again).replanned).toEqual([`p-${count - 1}`]);
  });

  test('leaves out who signs in as whom unless the file says it', async () => {
    const identities = [{ issuer: 'https://id.example', subject: 's-1', person: 'berlin-lead' }];
    await story.importFile((file) => put(file, { identities }));
    await story.importFile();
    expect(await story.sql`SELECT person_id FROM identity`).toEqual([{ person_id: 'berlin-lead' }]);
    await story.importFile((file) => put(file, { identities: [] }));
    expect(await story.sql`SELECT person_id FROM identity`).toEqual([]);
  });
});

describe('whoever is no longer in the file', () => {
  test('has left at the instant of the import and is signed out', async () => {
    await story.importFile();
    await story.sql`INSERT INTO session VALUES ('\\x01', 'dealer-lead', 'token', now(), now() + interval '1 day')`;
    story.clock.at += hour;
    const result = applied(await story.importFile((file) => file.people.pop()));
    expect(result.changes.people).toEqual({ added: 0, changed: 0, removed: 1 });
    const [row] = await story.sql<{ left_at: Date }[]>`
      SELECT left_at FROM person WHERE id = 'dealer-lead'`;
    expect(row?.left_at).toEqual(new Date(story.clock.at));
    expect(await story.sql`SELECT FROM session`).toHaveLength(0);
    story.clock.at += hour;
    expect(applied(await story.importFile((file) => file.people.pop())).isUnchanged).toBe(true);
  });

  test('is back when a later file names them again', async () => {
    await story.importFile();
    await story.importFile((file) => file.people.pop());
    const result = applied(await story.importFile());
    expect(result.changes.people).toEqual({ added: 0, changed: 1, removed: 0 });
    expect(result.replanned).toEqual(['dealer-lead']);
    expect(await story.sql`SELECT left_at FROM person WHERE id = 'dealer-lead'`).toEqual([
      { left_at: null },
    ]);
  });

  test.each([
    ['their backup', 'tokyo-lead', 'tokyo-lead'],
    ['who is above them where they have no backup', undefined, 'tokyo-manager'],
  ])('leaves their account at once to %s, who is told', async (_who, backup, heir) => {
    await story.importFile((file) => backup && put(file.people.at(-1)!, { backup }));
    await givenMoved(person('dealer-lead'));
    story.clock.at += hour;
    const { warnings } = applied(await story.importFile((file) => file.people.pop()));
    expect(warnings).toEqual([
      {
        path: 'accounts[0].owner',
        code: 'owner_has_moved',
        params: { account: hedwig, owner: heir },
      },
    ]);
    expect(await custodianAt(story.db, hedwig, story.clock.at)).toBe(heir);
    const told = await story.sql`SELECT recipient_id, key FROM notice`;
    expect(told).toEqual([{ recipient_id: heir, key: 'change.account_left' }]);
  });

  test('keeps no account that a handoff gave them during the import', async () => {
    await story.importFile();
    await story.sql`INSERT INTO loop_instance (id, loop) VALUES (${loop}, 'handoff')`;
    // A transition that has locked the receiver goes first; the import must see what it did.
    let importing: Promise<ImportResult> | undefined;
    await story.db.transaction().execute(async (tx) => {
      await lockPeople(tx, [person('dealer-lead')]);
      importing = story.importFile((file) => file.people.pop());
      await story.waitsForLock();
      await moveCustody(tx, {
        account: hedwig,
        to: person('dealer-lead'),
        at: story.clock.at,
        by: loop,
      });
    });
    expect(applied(await importing!).warnings.map(({ params }) => params.owner)).toEqual([
      'tokyo-manager',
    ]);
    expect(await custodianAt(story.db, hedwig, story.clock.at + 2)).toBe('tokyo-manager');
  });
});

describe('custody moves by handoff only', () => {
  test('so a file that goes on naming the first owner changes nothing and is told who it is now', async () => {
    await story.importFile();
    story.clock.at += hour;
    await givenMoved(person('tokyo-lead'));
    const result = applied(await story.importFile());
    expect(result.isUnchanged).toBe(true);
    expect(result.warnings).toEqual([
      {
        path: 'accounts[0].owner',
        code: 'owner_has_moved',
        params: { account: hedwig, owner: 'tokyo-lead' },
      },
    ]);
    expect(await custodianAt(story.db, hedwig, story.clock.at + 1)).toBe('tokyo-lead');
  });

  test('so a file may name the owner of today', async () => {
    await story.importFile();
    await givenMoved(person('tokyo-lead'));
    const result = applied(
      await story.importFile((file) => put(file.accounts[0]!, { owner: 'tokyo-lead' })),
    );
    expect(result).toMatchObject({ isUnchanged: true, warnings: [] });
  });

  test('so a file that names anybody else is refused', async () => {
    await story.importFile();
    const errors = refused(
      await story.importFile((file) => put(file.accounts[0]!, { owner: 'director' })),
    );
    expect(errors).toEqual([
      {
        path: 'accounts[0].owner',
        code: 'owner_moves_by_handoff',
        params: { account: hedwig, owner: 'berlin-lead' },
      },
    ]);
  });

  test('so an account cannot be dropped from the file', async () => {
    await story.importFile();
    const errors = refused(await story.importFile((file) => file.accounts.shift()));
    expect(errors).toEqual([
      { path: 'accounts', code: 'account_missing', params: { account: hedwig } },
    ]);
  });
});
