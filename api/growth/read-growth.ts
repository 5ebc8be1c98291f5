import { createRoute, type z } from '@hono/zod-openapi';
import { openGapsOf } from '../../db/competency-gaps.ts';
import { ratingsOf } from '../../db/competency-ratings.ts';
import { findTargets } from '../../db/target-profiles.ts';
import type { Actor } from '../../domain/authority.ts';
import type { Sentence } from '../../domain/loop.ts';
import { competencies } from '../../domain/people/competency.ts';
import type { CompetencyGap } from '../../domain/people/competency-gap.ts';
import type { Asked } from '../directory/parts.ts';
import { idParams } from '../directory/schema.ts';
import { type GrowthParts, seenGrowth } from './parts.ts';
import { growthAnswer } from './schema.ts';

export const growthResponses = {
  200: {
    description: 'Each competency with what is asked, what was rated, and by which evidence.',
    content: { 'application/json': { schema: growthAnswer } },
  },
} as const;

export const readGrowthRoute = createRoute({
  method: 'get',
  path: '/people/{id}/competencies',
  operationId: 'readCompetencies',
  tags: ['growth'],
  summary: 'What somebody can do: theirs to read, and their manager’s, coach’s and learning lead’s',
  request: { params: idParams },
  responses: growthResponses,
});

export type Growth = z.input<typeof growthAnswer>;

export async function readGrowth(
  parts: GrowthParts,
  { actor, input }: Asked<{ readonly id: string }>,
): Promise<Growth> {
  const { db, clock } = parts;
  const { person, name } = await seenGrowth(parts, actor, input.id);
  const day = new Date(clock.now()).toISOString().slice(0, 10);
  const ratings = await ratingsOf(db, person.id);
  const targets = await findTargets(db, { person: person.id, day });
  const items = competencies.map((competency) => {
    const history = ratings.filter((one) => one.competency === competency);
    return {
      competency,
      target: targets[competency] ?? null,
      level: history[0]?.level ?? null,
      history: history.map(({ competency: _same, id: _id, at, ...rest }) => ({
        ...rest,
        at: new Date(at).toISOString(),
      })),
    };
  });
  return {
    person: { id: person.id, name },
    items,
    gaps: await tellGaps(parts, actor, await openGapsOf(db, person.id)),
  };
}

export async function tellGaps(
  { tell }: Pick<GrowthParts, 'tell'>,
  actor: Actor,
  gaps: readonly CompetencyGap[],
) {
  const sentences = await tell(actor.id, gaps.map(gapSentence));
  return gaps.map(({ competency, level, target }, index) => ({
    competency,
    level,
    target,
    sentence: sentences[index] ?? '',
  }));
}

function gapSentence({ competency, level, target }: CompetencyGap): Sentence {
  const params = {
    competency: { term: `competency.name.${competency}` },
    target: { term: `competency.level.${target}` },
  };
  return level === null
    ? { key: 'skillAudit.gap.unrated', params }
    : {
        key: 'skillAudit.gap.below',
        params: { ...params, level: { term: `competency.level.${level}` } },
      };
}
