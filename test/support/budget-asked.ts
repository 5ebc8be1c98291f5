/** A budget line that the people of handoffs may ask for, and what they ask. */
import { randomUUID } from 'node:crypto';
import type { PersonId } from '../../domain/id.ts';
import type { ApiWorld } from './api.ts';
import { berlin } from './handoff-organisation.ts';

/** As the form of the page sends it. */
export const askedFields = {
  title: 'Leading teams across borders',
  kind: 'course',
  why: 'Our next project has people on three continents.',
  purpose: 'leadership',
  currency: 'eur',
  fee: '4000.00',
  travel: '700.50',
  tax: '99.50',
  'due-0': '2026-12-10',
  'amount-0': '',
  ends: '2026-12-18',
  professionals: 'no',
} as const;

const { title, kind, why, purpose } = askedFields;
const asked = {
  title,
  kind,
  why,
  purpose,
  currency: 'EUR',
  costs: { fee: '4800.00' },
  instalments: [{ due: askedFields['due-0'], amount: '4800.00' }],
  ends: askedFields.ends,
  involvesProfessionals: false,
};

async function posted(world: ApiWorld, path: string, as: PersonId, body: object): Promise<string> {
  world.clock.moveTo(world.clock.now() + 1_000);
  const { status, json } = await world.ask(path, { method: 'POST', as, body, key: randomUUID() });
  if (status >= 300) throw new Error(`${path}: ${JSON.stringify(json)}`);
  return (json as { id: string }).id;
}

/** Of the region of all; those who are named see what waits in it. */
export async function givenAskable(
  world: ApiWorld,
  readers: readonly PersonId[] = [],
): Promise<string> {
  const office = (person: PersonId, role: string) => ({
    person_id: person,
    role,
    region_id: 'world',
  });
  await world.db
    .insertInto('person_role')
    .values([
      office(berlin.manager, 'admin'),
      ...readers.map((reader) => office(reader, 'learning-lead')),
    ])
    .execute();
  const line = { region: 'world', year: 2026, purpose, currency: 'EUR' };
  const id = await posted(world, '/budget-lines', berlin.manager, line);
  const change = { to: '10000.00', reason: 'The plan of the year.' };
  await posted(world, `/budget-lines/${id}/allocate`, berlin.manager, change);
  return id;
}

export const asksFor = (world: ApiWorld, as: PersonId): Promise<string> =>
  posted(world, '/budget-requests', as, asked);
