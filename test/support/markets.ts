/** Markets of one organisation, with people in each, and practices that are cleared for some of them. */
import { randomUUID } from 'node:crypto';
import type { Database } from '../../db/client.ts';
import { insertContent } from '../../db/contents.ts';
import type { ContentId, LoopId, PersonId } from '../../domain/id.ts';
import type { TranslatedText } from '../../domain/exchange/practice.ts';
import type { Instant } from '../../domain/loop.ts';

export const markets = {
  dach: { country: 'DE', locale: 'de', zone: 'Europe/Berlin' },
  japan: { country: 'JP', locale: 'ja', zone: 'Asia/Tokyo' },
  america: { country: 'US', locale: 'en', zone: 'America/New_York' },
  brazil: { country: 'BR', locale: 'pt-BR', zone: 'America/Sao_Paulo' },
} as const;
export type Market = keyof typeof markets;

export interface MarketPerson {
  readonly id: string;
  readonly market: Market;
  readonly isPartner?: boolean;
  readonly zone?: string;
  readonly locale?: string;
}

const nineToFive = [[540, 1_020]];
const week = Object.fromEntries([
  ...['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, nineToFive]),
  ['sat', []],
  ['sun', []],
]);

/** A team of our own and one of a partner in each market; the first person manages them all. */
export async function givenMarkets(db: Database, people: readonly MarketPerson[]): Promise<void> {
  const [first] = people;
  await db.transaction().execute(async (tx) => {
    await tx.insertInto('working_week').values({ id: 'office', intervals: week }).execute();
    const regions = Object.entries(markets).map(([id, market]) => ({ id, name: id, ...market }));
    await tx
      .insertInto('region')
      .values(regions.map((one) => ({ ...one, manager_id: first!.id, week_id: 'office' })))
      .execute();
    const teams = regions.flatMap(({ id }) =>
      (['own', 'partner'] as const).map((kind) => ({
        id: `${id}-${kind}`,
        name: `Team ${id}`,
        kind,
        region_id: id,
      })),
    );
    await tx.insertInto('team').values(teams).execute();
    const rows = people.map(({ id, market, isPartner, zone, locale }) => ({
      id,
      name: `Name of ${id}`,
      email: `${id}@example.test`,
      locale: locale ?? null,
      zone: zone ?? markets[market].zone,
      region_id: market,
      team_id: `${market}-${isPartner ? 'partner' : 'own'}`,
    }));
    for (let from = 0; from < rows.length; from += 1_000) {
      const some = rows.slice(from, from + 1_000);
      await tx.insertInto('person').values(some).execute();
      await tx
        .insertInto('calendar_revision')
        .values(some.map(({ id }) => ({ person_id: id })))
        .execute();
    }
  });
}

export interface GivenPractice {
  readonly author: string;
  readonly publishedAt: Instant;
  readonly countries: readonly string[];
  readonly product?: string;
  readonly locale?: string;
  readonly competency?: string;
  readonly kind?: 'win' | 'failure';
  readonly isForPartners?: boolean;
  readonly text?: Partial<TranslatedText>;
  /** By country. */
  readonly notes?: Readonly<Record<string, string>>;
  /** Approved, in languages beside its own. */
  readonly translations?: Readonly<Record<string, Partial<TranslatedText>>>;
}

export const practiceText: TranslatedText = {
  title: 'A checklist before the first implant',
  situation: 'The theatre team had no common list.',
  action: 'We wrote one together with the nurses.',
  result: 'No delay in eleven weeks.',
  indication: 'As in the approved labelling.',
  evidence: 'Log of the theatre.',
};

/** Published at once, as its loop would have left it. */
export async function givenPractice(db: Database, given: GivenPractice): Promise<LoopId> {
  const id = randomUUID() as LoopId;
  const { author, publishedAt: at, countries, product = 'stent', locale = 'en' } = given;
  const { translations = {}, text, competency = 'clinical-fluency', kind = 'win' } = given;
  const hash = 'f'.repeat(64);
  const write = async (kindOf: string, body: Partial<TranslatedText>): Promise<ContentId> => {
    const content = randomUUID() as ContentId;
    const whole = { ...practiceText, ...body, notes: given.notes ?? {} };
    await insertContent(db, {
      id: content,
      author: author as PersonId,
      kind: kindOf,
      body: whole,
      at,
    });
    return content;
  };
  const source = await write('practice.source', text ?? {});
  await db.insertInto('loop_instance').values({ id, loop: 'practice' }).execute();
  await db
    .insertInto('practice')
    .values({
      id,
      status: 'published',
      kind,
      competency,
      author_id: author,
      is_author_hidden: false,
      source_locale: locale,
      version: 1,
      content_id: source,
      source_hash: hash,
      countries: [...countries],
      products: [product],
      roles: [],
      is_for_partners: given.isForPartners ?? false,
      drafted_at: at,
      published_at: at,
      changed_at: at,
    })
    .execute();
  const cleared = { clinical: 'approved', compliance: 'approved', is_readable: true };
  await db
    .insertInto('practice_clearance')
    .values(
      countries.map((country) => ({
        practice_id: id,
        country,
        product,
        ...cleared,
        cleared_at: at,
      })),
    )
    .execute();
  for (const [language, words] of Object.entries(translations)) {
    const approval = { approved_by: null, approved_at: at, approved_for: [...countries] };
    await db
      .insertInto('practice_translation')
      .values({
        practice_id: id,
        locale: language,
        status: 'approved',
        source_hash: hash,
        content_id: await write('practice.translation', words),
        proposed_at: at,
        ...approval,
      })
      .execute();
  }
  return id;
}

/** The clearance of a country is lost: a review is open again. */
export const losesClearance = (db: Database, practice: LoopId, country: string) =>
  db
    .updateTable('practice_clearance')
    .set({ clinical: 'open', cleared_at: null, is_readable: false })
    .where('practice_id', '=', practice)
    .where('country', '=', country)
    .execute();
