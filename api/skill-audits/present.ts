/** An audit as the API answers with it: to each what is theirs to know. */
import type { z } from '@hono/zod-openapi';
import {
  type AuditDetail,
  type AuditRow,
  findAudit,
  partIn,
  peopleToRate,
} from '../../db/growth-views.ts';
import { personNames } from '../../db/people.ts';
import { loopTimeline } from '../../db/timelines.ts';
import { type Actor, may } from '../../domain/authority.ts';
import type { LoopId } from '../../domain/id.ts';
import type { HoldEvent } from '../../domain/loop.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { timelineSentence } from '../../domain/skill-audit/explain.ts';
import type { AuditEvent } from '../../domain/skill-audit/state.ts';
import type { AuditParts } from './parts.ts';
import type { auditAnswer } from './schema.ts';

export type Audit = z.input<typeof auditAnswer>;

export interface SeenAudit {
  readonly row: AuditDetail;
  /** Reads how far groups are. */
  readonly seesFigures: boolean;
  readonly isRater: boolean;
  readonly isRated: boolean;
}

/** What does not exist and what may not be seen answer alike. */
export async function seenAudit(
  { db }: Pick<AuditParts, 'db'>,
  actor: Actor,
  id: LoopId,
): Promise<SeenAudit> {
  const row = await findAudit(db, actor, id);
  if (!row) throw new Refusal(problem('request.not_found'));
  const seesFigures = may(actor, 'skillAudit.figures', { region: row.region.id });
  const part = await partIn(db, { audit: id, person: actor.id });
  return { row, seesFigures, ...part };
}

export const summaryOf = ({
  id,
  region,
  quarter,
  owner,
  status,
  closesAt,
  closedAt,
}: AuditRow) => ({
  id,
  region,
  quarter,
  owner,
  status,
  closesAt: new Date(closesAt).toISOString(),
  closedAt: closedAt === null ? null : new Date(closedAt).toISOString(),
});

export async function presentAudit(parts: AuditParts, actor: Actor, id: LoopId): Promise<Audit> {
  const seen = await seenAudit(parts, actor, id);
  const { row, seesFigures, isRated } = seen;
  const isOpen = row.status === 'rating';
  return {
    ...summaryOf(row),
    mapVersion: row.mapVersion,
    progress: seesFigures ? await progressOf(parts, actor, row) : null,
    toRate: isOpen ? [...(await peopleToRate(parts.db, { audit: id, rater: actor.id }))] : [],
    isRated,
    timeline: seesFigures ? await timelineOf(parts, actor, id) : [],
    isHeld: row.isHeld,
    revision: row.revision,
  };
}

async function progressOf({ db }: AuditParts, actor: Actor, row: AuditDetail) {
  const { settled, state, region, status } = row;
  const isLead = may(actor, 'skillAudit.steer', { region: region.id });
  const raters = isLead && status === 'rating' ? state.raters : [];
  const names = await personNames(
    db,
    raters.map(({ person }) => person),
  );
  return {
    people: row.people - (settled.left ?? 0),
    rated: settled.rated ?? 0,
    skipped: (settled.tooNew ?? 0) + (settled.away ?? 0),
    raters: isLead
      ? raters.map(({ person, left }) => ({
          person: { id: person, name: names.get(person) ?? person },
          left,
        }))
      : null,
  };
}

async function timelineOf({ db, tell }: AuditParts, actor: Actor, id: LoopId) {
  const entries = (await loopTimeline<AuditEvent | HoldEvent>(db, id)).flatMap(({ at, event }) => {
    const sentence = timelineSentence(event);
    return sentence === null ? [] : [{ at, sentence }];
  });
  const told = await tell(
    actor.id,
    entries.map(({ sentence }) => sentence),
  );
  return entries.map(({ at }, index) => ({
    at: new Date(at).toISOString(),
    sentence: told[index] ?? '',
  }));
}
