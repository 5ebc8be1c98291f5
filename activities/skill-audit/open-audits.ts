/** Where a region's policy asks for it, a quarter begins with a skill audit. */
import { currentMap } from '../../db/competency-map.ts';
import type { Database } from '../../db/client.ts';
import { derivedId } from '../../db/derived-id.ts';
import { ratersToAsk, type RegionToAudit, regionsToAudit } from '../../db/skill-audits.ts';
import { present } from '../../domain/assert.ts';
import type { LoopId } from '../../domain/id.ts';
import { firstDayOf, quarterAt } from '../../domain/scorecard/quarter.ts';
import {
  type AuditCommand,
  ratersMax,
  windowDaysMax,
  windowDaysMin,
} from '../../domain/skill-audit/state.ts';
import { dayNumber, dayText } from '../../domain/time/calendar.ts';
import { atWall } from '../../domain/time/wall.ts';
import { wallTime } from '../../domain/time/zone.ts';
import { createOpenLoop, type OpenLoopParts } from '../open-loop.ts';

const loop = 'skillAudit';
/** Who asks for it later in a quarter means the next one. */
const daysIntoQuarterMax = 30;

interface OpenAuditsParts extends OpenLoopParts {
  readonly db: Database;
}

/** Safe to repeat: the id follows from the region and its quarter. */
export const createOpenAudits =
  (parts: OpenAuditsParts) => async (): Promise<{ readonly opened: number }> => {
    const { db, clock } = parts;
    const open = createOpenLoop(parts);
    let opened = 0;
    for (const region of await regionsToAudit(db, dayText(Math.floor(clock.now() / 86_400_000)))) {
      const found = await openingOf(parts, region);
      if (found === null) continue;
      await open(found);
      opened++;
    }
    return { opened };
  };

async function openingOf(
  { db, clock }: OpenAuditsParts,
  { id: region, zone, days, owner, audited }: RegionToAudit,
) {
  const at = clock.now();
  const quarter = quarterAt(at, zone);
  const today = wallTime(at, zone).day;
  const begun = today - present(dayNumber(firstDayOf(quarter)), 'a day');
  if (audited.includes(quarter) || begun > daysIntoQuarterMax) return null;
  if (!Number.isInteger(days) || days < windowDaysMin || days >= windowDaysMax) return null;
  const closes = atWall(zone, { day: today + days + 1, minute: 0 });
  if ('reason' in closes) return null;
  const day = dayText(today);
  const raters = await ratersToAsk(db, { region, owner, day });
  // Nobody to rate, or more than one audit asks: told to whoever opens it by hand.
  if (raters.length === 0 || raters.length > ratersMax) return null;
  const command: AuditCommand = {
    type: 'open',
    region,
    quarter,
    day,
    owner,
    mapVersion: await currentMap(db, day),
    raters,
    closesAt: closes.at,
  };
  return { loop, id: derivedId(loop, region, quarter) as LoopId, command };
}
