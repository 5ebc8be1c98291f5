import type { Database } from '../../db/client.ts';
import { growthSubject } from '../../db/growth-views.ts';
import type { Actor } from '../../domain/authority.ts';
import { may } from '../../domain/authority.ts';
import type { PersonId } from '../../domain/id.ts';
import type { Instant } from '../../domain/loop.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { GrowthSubject } from '../../domain/subjects.ts';
import type { SheetRating } from '../../domain/people/rating-sheet.ts';
import type { Tell } from '../tell.ts';

/** What each operation here works with. */
export interface GrowthParts {
  readonly db: Database;
  readonly clock: { now(): Instant };
  readonly tell: Tell;
}

/** Of whom one may not know it, nobody can tell whether they are there. */
export async function seenGrowth(
  { db, clock }: Pick<GrowthParts, 'db' | 'clock'>,
  actor: Actor,
  id: string,
): Promise<GrowthSubject & { readonly name: string }> {
  const subject = await growthSubject(db, { person: id as PersonId, at: clock.now() });
  if (!subject || !may(actor, 'competency.view', subject)) {
    throw new Refusal(problem('request.not_found'));
  }
  return subject;
}

/** Each competency once. */
export function sheetOf(ratings: readonly SheetRating[]): {
  readonly ratings: readonly SheetRating[];
} {
  const keys = ratings.map(({ competency }) => competency);
  const twice = keys.find((key, index) => keys.indexOf(key) < index);
  if (twice !== undefined) {
    throw new Refusal(problem('growth.competency_twice', { competency: twice }));
  }
  return { ratings };
}
