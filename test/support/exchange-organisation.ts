/** Random readers and practices: written to Postgres, and judged from the same plain values beside it. */
import {
  type Arbitrary,
  array,
  boolean,
  constantFrom,
  option,
  record,
  subarray,
  uniqueArray,
} from 'fast-check';
import type { Transaction } from 'kysely';
import type { Database } from '../../db/client.ts';
import type { DB } from '../../db/schema.ts';
import type { Gated, Reader } from '../../domain/exchange/gate.ts';
import { practiceStatuses } from '../../domain/exchange/practice.ts';
import type { Translated } from '../../domain/exchange/readable-text.ts';
import type { LoopId, PersonId, RegionId } from '../../domain/id.ts';
import { undone } from './undone.ts';

const at = Date.UTC(2026, 10, 23, 12);
const products = ['stent', 'valve'] as const;
const countries = ['DE', 'JP'] as const;
const roles = ['member', 'account-lead', 'learning-lead'] as const;
const regions = [
  { id: 'dach', country: 'DE', locale: 'de' },
  { id: 'japan', country: 'JP', locale: 'ja' },
  { id: 'nowhere', country: null, locale: 'en' },
] as const;

export interface ExchangePractice extends Gated, Translated {
  readonly id: LoopId;
}

export interface Exchange {
  readonly readers: readonly Reader[];
  readonly practices: readonly ExchangePractice[];
}

/** Titles are the words of one language and no other. */
export const titleIn = (id: LoopId, locale: string): string =>
  `Word${locale.slice(0, 2)} ${id.slice(-3)}`;

const hash = 'hash';

const anyReader = record({
  region: constantFrom(...regions),
  locale: option(constantFrom('en', 'de', 'pt-BR')),
  teamKind: constantFrom('own' as const, 'partner' as const),
  products: subarray([...products]),
  roles: subarray([...roles]),
  isActive: constantFrom(true, true, true, false),
});

const anyPractice = record({
  status: constantFrom(...practiceStatuses, ...Array(4).fill('published' as const)),
  isForPartners: boolean(),
  roles: subarray([...roles]),
  clearances: array(
    record({
      country: constantFrom(...countries),
      product: constantFrom(...products),
      isReadable: boolean(),
    }),
    { minLength: 2, maxLength: 4 },
  ).map((all) => [
    ...new Map(all.map((one) => [`${one.country}/${one.product}`, one] as const)).values(),
  ]),
  translations: uniqueArray(
    record({
      locale: constantFrom('en', 'de', 'ja'),
      status: constantFrom(...Array(5).fill('approved' as const), 'proposed' as const),
      sourceHash: constantFrom(...Array(5).fill(hash), 'before'),
      approvedFor: constantFrom([...countries], [...countries], ['DE'], ['JP'], []),
    }),
    { selector: ({ locale }) => locale, minLength: 2 },
  ),
});

const loopId = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;

/** Of the accounts of the partner team: what its people who name nothing are trained for. */
const partnerProducts = ['stent'];

export const anyExchange: Arbitrary<Exchange> = record({
  readers: array(anyReader, { minLength: 4, maxLength: 6 }),
  practices: array(anyPractice, { minLength: 5, maxLength: 6 }),
}).map(({ readers, practices }) => ({
  readers: readers.map(({ region, locale, ...reader }, index) => ({
    ...reader,
    id: `reader-${index}` as PersonId,
    region: region.id as RegionId,
    country: region.country,
    locale: locale ?? region.locale,
    regionLocale: region.locale,
    products:
      reader.products.length > 0
        ? reader.products
        : reader.teamKind === 'partner'
          ? partnerProducts
          : null,
    // Managing a region is an office too.
    roles: index === 0 ? [...reader.roles, 'regional-manager' as const] : reader.roles,
  })),
  practices: practices.map((practice, index) => ({
    ...practice,
    sourceLocale: 'pt-BR',
    sourceHash: hash,
    id: loopId(index) as LoopId,
  })),
}));

const salt = Buffer.of(1);

type Tx = Transaction<DB>;

export const withExchange = (
  db: Database,
  { readers, practices }: Exchange,
  check: (tx: Tx) => Promise<void>,
): Promise<void> =>
  undone(db, async (tx) => {
    await tx.insertInto('working_week').values({ id: 'week', intervals: {} }).execute();
    const place = { zone: 'UTC', manager_id: 'reader-0', week_id: 'week' };
    await tx
      .insertInto('region')
      .values(regions.map((region) => ({ ...region, ...place, name: region.id })))
      .execute();
    await tx
      .insertInto('team')
      .values(
        (['own', 'partner'] as const).map((kind) => ({
          id: kind,
          name: kind,
          kind,
          region_id: 'dach',
        })),
      )
      .execute();
    await tx
      .insertInto('person')
      .values(
        readers.map((reader) => ({
          id: reader.id,
          name: 'A person',
          email: 'somebody@example.test',
          zone: 'UTC',
          region_id: reader.region,
          team_id: reader.teamKind,
          locale: reader.locale === reader.regionLocale ? null : reader.locale,
          products: namedProducts(reader),
          left_at: reader.isActive ? null : at,
        })),
      )
      .execute();
    await tx
      .insertInto('person')
      .values({
        id: 'author',
        name: 'An author',
        email: 'author@example.test',
        zone: 'UTC',
        region_id: 'dach',
        team_id: 'own',
      })
      .execute();
    const grants = readers.flatMap(({ id, roles: held }) =>
      held
        .filter((role) => role !== 'regional-manager')
        .map((role) => ({ person_id: id, role, region_id: null })),
    );
    if (grants.length > 0) await tx.insertInto('person_role').values(grants).execute();
    const account = { id: 'account', name: 'An account', team_id: 'partner', countries: [] };
    await tx
      .insertInto('account')
      .values({ ...account, products: partnerProducts, sites: [{ name: 'Site', zone: 'UTC' }] })
      .execute();
    await tx
      .insertInto('custody')
      .values({
        account_id: 'account',
        owner_id: 'reader-0',
        period: `[${new Date(at).toISOString()},)`,
      })
      .execute();
    for (const practice of practices) await writePractice(tx, practice);
    await check(tx);
  });

const namedProducts = ({ products: named, teamKind }: Reader): string[] =>
  named === null || (teamKind === 'partner' && named === partnerProducts) ? [] : [...named];

async function writePractice(
  tx: Tx,
  { id, status, roles: audience, isForPartners, clearances, translations }: ExchangePractice,
): Promise<void> {
  await tx.insertInto('loop_instance').values({ id, loop: 'practice' }).execute();
  const write = async (content: string, locale: string): Promise<string> => {
    const body = { title: titleIn(id, locale) };
    const row = { author_id: 'author', kind: 'practice.source', body, salt, hash: salt };
    await tx
      .insertInto('content')
      .values({ ...row, id: content, created_at: at })
      .execute();
    return content;
  };
  await write(id, 'pt-BR');
  await tx
    .insertInto('practice')
    .values({
      id,
      status,
      kind: 'win',
      competency: 'clinical-fluency',
      author_id: 'author',
      is_author_hidden: false,
      source_locale: 'pt-BR',
      version: 1,
      content_id: id,
      source_hash: hash,
      countries: [...countries],
      products: [...products],
      roles: [...audience],
      is_for_partners: isForPartners,
      drafted_at: at,
      published_at: status === 'published' ? at : null,
      changed_at: at,
    })
    .execute();
  for (const [
    index,
    { locale, status: state, sourceHash, approvedFor },
  ] of translations.entries()) {
    const isApproved = state === 'approved';
    await tx
      .insertInto('practice_translation')
      .values({
        practice_id: id,
        locale,
        status: state,
        source_hash: sourceHash,
        content_id: await write(id.replace('-4000-', `-400${index + 1}-`), locale),
        proposed_at: at,
        approved_at: isApproved ? at : null,
        approved_for: isApproved ? [...approvedFor] : [],
      })
      .execute();
  }
  if (clearances.length === 0) return;
  await tx
    .insertInto('practice_clearance')
    .values(
      clearances.map(({ country, product, isReadable }) => ({
        practice_id: id,
        country,
        product,
        clinical: isReadable ? 'approved' : 'open',
        compliance: 'approved',
        cleared_at: isReadable ? at : null,
        is_readable: isReadable,
      })),
    )
    .execute();
}
