/** What somebody may do with a practice that nobody asks of them, as the record would decide it now. */
import { personNames } from '../../db/people.ts';
import type { PracticeRow } from '../../db/practice-list.ts';
import { clearedPeople, practiceSubject } from '../../db/practices.ts';
import { type Actor, may } from '../../domain/authority.ts';
import type { PersonId } from '../../domain/id.ts';
import { isTrained } from '../../domain/practice/able.ts';
import type { PracticeParts } from './parts.ts';
import type { lookedAfterBy } from './schema.ts';

export interface LookedAfter {
  readonly mayTake: (typeof lookedAfterBy)[number][];
  /** By country, where they may name its expert: who is cleared there. */
  readonly candidates: Readonly<Record<string, { id: PersonId; name: string }[]>>;
}

/** As the rules of authority ask about it, in all of its countries. */
export function subjectOf(
  { db }: Pick<PracticeParts, 'db'>,
  row: PracticeRow,
  countries: readonly string[] = row.countries,
): ReturnType<typeof practiceSubject> {
  const duties = row.duties.map(({ country, expert }) => ({ country, expert: expert.id }));
  const looked = { author: row.author.id, isDraft: row.status === 'draft', duties };
  return practiceSubject(db, looked, countries);
}

export async function lookedAfter(
  { db }: Pick<PracticeParts, 'db'>,
  actor: Actor,
  row: PracticeRow,
): Promise<LookedAfter> {
  if (row.status === 'withdrawn') return { mayTake: [], candidates: {} };
  const subject = await subjectOf({ db }, row);
  const steps = row.isHeld ? (['withdraw', 'resume'] as const) : (['withdraw', 'hold'] as const);
  const mayTake = steps.filter((step) => may(actor, `practice.${step}`, subject));
  const named: string[] = [];
  if (!row.isHeld) {
    for (const { country } of row.duties) {
      const there = await subjectOf({ db }, row, [country]);
      if (may(actor, 'practice.nameExpert', there)) named.push(country);
    }
  }
  return { mayTake, candidates: await candidatesIn({ db }, row, named) };
}

/** Also whoever wrote it: a list without them would tell who that is. */
async function candidatesIn(
  { db }: Pick<PracticeParts, 'db'>,
  { products }: PracticeRow,
  countries: readonly string[],
): Promise<LookedAfter['candidates']> {
  const cleared = (await clearedPeople(db, countries)).filter(
    (one) => one.kind === 'clinical' && isTrained(one, products),
  );
  const names = await personNames(
    db,
    cleared.map(({ id }) => id),
  );
  return Object.fromEntries(
    countries.map((country) => [
      country,
      cleared
        .filter((one) => one.country === country)
        .map(({ id }) => ({ id, name: names.get(id) ?? id })),
    ]),
  );
}
