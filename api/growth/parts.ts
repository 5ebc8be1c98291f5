import type { Database } from '../../db/client.ts';
import { growthSubject } from '../../db/growth-views.ts';
import { insertFlags } from '../../db/red-flags.ts';
import type { Actor } from '../../domain/authority.ts';
import { may } from '../../domain/authority.ts';
import type { ContentId, PersonId } from '../../domain/id.ts';
import type { Instant } from '../../domain/loop.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { GrowthSubject } from '../../domain/subjects.ts';
import type { SheetRating } from '../../domain/people/rating-sheet.ts';
import type { TextAt } from '../../domain/text/red-flags.ts';
import { refuseUnacknowledged } from '../red-flags.ts';
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

interface Sheet {
  readonly ratings: readonly SheetRating[];
}

/** Each competency once. */
function sheetOf(ratings: readonly SheetRating[]): Sheet {
  const keys = ratings.map(({ competency }) => competency);
  const twice = keys.find((key, index) => keys.indexOf(key) < index);
  if (twice !== undefined) {
    throw new Refusal(problem('growth.competency_twice', { competency: twice }));
  }
  return { ratings };
}

interface Rating {
  readonly ratings: readonly SheetRating[];
  readonly acknowledged: readonly string[] | undefined;
}

interface Evidence {
  readonly texts: readonly TextAt[];
  readonly acknowledged: readonly string[] | undefined;
}

/** What shows a rating is read by others: what the rules warn of in it is changed or named before, and kept. */
export async function writeEvidence(
  parts: Pick<GrowthParts, 'db' | 'clock'>,
  actor: Actor,
  { texts, acknowledged = [] }: Evidence,
  write: () => Promise<ContentId>,
): Promise<ContentId> {
  const warned = { texts, acknowledged, code: 'growth.red_flags' } as const;
  const flags = await refuseUnacknowledged(parts, actor, warned);
  const content = await write();
  const { db, clock } = parts;
  await insertFlags(db, { content, flags, acknowledgedBy: actor.id, at: clock.now() });
  return content;
}

export function writeSheet(
  parts: Pick<GrowthParts, 'db' | 'clock'>,
  actor: Actor,
  { ratings, acknowledged }: Rating,
  write: (sheet: Sheet) => Promise<ContentId>,
): Promise<ContentId> {
  const sheet = sheetOf(ratings);
  const texts = ratings.map(({ text }, index) => ({ place: `ratings[${index}].text`, text }));
  return writeEvidence(parts, actor, { texts, acknowledged }, () => write(sheet));
}
