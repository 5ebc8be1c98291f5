/** The people that stories of practices are told with: four countries, their reviewers, readers and a partner. */
import type { Database } from '../../db/client.ts';
import { person } from './people.ts';
import { givenRegionalPeople, type RegionalPerson } from './regional-people.ts';

export const rio = { author: person('rio-author'), manager: person('rio-manager') };
export const munich = {
  manager: person('munich-manager'),
  doctor: person('munich-doctor'),
  officer: person('munich-officer'),
  seller: person('munich-seller'),
  translator: person('munich-translator'),
  partner: person('munich-partner'),
};
export const osaka = {
  manager: person('osaka-manager'),
  doctor: person('osaka-doctor'),
  second: person('osaka-second-doctor'),
  officer: person('osaka-officer'),
  seller: person('osaka-seller'),
  other: person('osaka-other-seller'),
};
export const boston = { manager: person('boston-manager'), seller: person('boston-seller') };

const regions = [
  { id: 'brazil', country: 'BR', locale: 'pt-BR', zone: 'America/Sao_Paulo', manager: rio.manager },
  { id: 'dach', country: 'DE', locale: 'de', zone: 'Europe/Berlin', manager: munich.manager },
  { id: 'japan', country: 'JP', locale: 'ja', zone: 'Asia/Tokyo', manager: osaka.manager },
  { id: 'us', country: 'US', locale: 'en', zone: 'America/New_York', manager: boston.manager },
] as const;

const members: readonly RegionalPerson<(typeof regions)[number]['id']>[] = [
  { id: rio.manager, region: 'brazil' },
  { id: rio.author, region: 'brazil' },
  { id: munich.manager, region: 'dach' },
  { id: munich.doctor, region: 'dach', roles: ['clinical-reviewer'] },
  { id: munich.officer, region: 'dach', roles: ['compliance'] },
  { id: munich.seller, region: 'dach' },
  {
    id: munich.translator,
    region: 'dach',
    roles: ['learning-lead'],
    languages: ['pt-BR', 'de', 'ja'],
  },
  { id: munich.partner, region: 'dach', team: 'partners' },
  { id: osaka.manager, region: 'japan' },
  { id: osaka.doctor, region: 'japan', roles: ['clinical-reviewer'] },
  { id: osaka.second, region: 'japan', roles: ['clinical-reviewer'] },
  { id: osaka.officer, region: 'japan', roles: ['compliance'] },
  { id: osaka.seller, region: 'japan' },
  { id: osaka.other, region: 'japan' },
  { id: boston.manager, region: 'us' },
  { id: boston.seller, region: 'us' },
];

/** A partner's people are trained for the products of their team's account: the stent. */
export async function givenExchangePeople(db: Database, at: number): Promise<void> {
  const since = `[${new Date(at - 86_400_000).toISOString()},)`;
  await db.transaction().execute(async (tx) => {
    await givenRegionalPeople(tx, { regions, people: members });
    await tx
      .insertInto('account')
      .values({
        id: 'clinic',
        name: 'Clinic',
        team_id: 'partners',
        products: ['stent'],
        countries: ['DE'],
        sites: [{ name: 'Munich', zone: 'Europe/Berlin' }],
      })
      .execute();
    await tx
      .insertInto('custody')
      .values({ account_id: 'clinic', owner_id: munich.seller, period: since })
      .execute();
  });
}
