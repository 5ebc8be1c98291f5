/** By which channel what still waits would go out now: wishes, policies and addresses change until then. */
import type { SeenNotice } from '../../db/notice-list.ts';
import { addressee } from '../../db/notices.ts';
import { findRoutes } from '../../db/routes.ts';
import type { PersonId } from '../../domain/id.ts';
import { chooseChannel } from '../../domain/notice/choose-channel.ts';
import { wallDay } from '../../domain/time/wall.ts';
import type { WorkingTimeParts } from '../working-time/parts.ts';

type Parts = Pick<WorkingTimeParts, 'db' | 'clock'>;

/** Those that nobody has tried yet, with the way that is open now; the others as they are. */
export async function withWays(
  parts: Parts,
  notices: readonly SeenNotice[],
): Promise<readonly SeenNotice[]> {
  const people = new Set(notices.filter(isFree).map(({ to }) => to.id));
  const ways = new Map<PersonId, string>();
  for (const person of people) {
    const way = await wayTo(parts, person);
    if (way !== null) ways.set(person, way);
  }
  return notices.map((notice) =>
    isFree(notice) ? { ...notice, channel: ways.get(notice.to.id) ?? notice.channel } : notice,
  );
}

const isFree = ({ status, isBound }: SeenNotice): boolean => status === 'planned' && !isBound;

async function wayTo({ db, clock }: Parts, person: PersonId): Promise<string | null> {
  const now = clock.now();
  const zone = (await addressee(db, person))?.zone;
  if (zone === undefined) return null;
  const day = wallDay(now, zone);
  const routes = await findRoutes(db, { person, notice: null, now, day });
  return routes && (chooseChannel(routes).candidates[0] ?? null);
}
