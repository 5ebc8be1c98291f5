import { createRoute, type z } from '@hono/zod-openapi';
import { askedOfRegion, type AskedPerson, ledgerSince } from '../../db/fairness.ts';
import { present } from '../../domain/assert.ts';
import { type Actor, may } from '../../domain/authority.ts';
import { fairnessFigures, hiddenFairness } from '../../domain/fairness/figures.ts';
import { groupSizeMin, shownParts } from '../../domain/fairness/small-groups.ts';
import type { RegionId, TeamId } from '../../domain/id.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { Asked } from '../directory/parts.ts';
import { idParams } from '../directory/schema.ts';
import { tellFigures } from '../figures.ts';
import type { WorkingTimeParts } from '../working-time/parts.ts';
import { fairnessAnswer, fairnessQuery, peopleShownMax } from './schema.ts';

export const readFairnessRoute = createRoute({
  method: 'get',
  path: '/regions/{id}/fairness',
  operationId: 'readFairness',
  tags: ['working time'],
  summary: 'How evenly people are asked outside their hours',
  request: { params: idParams, query: fairnessQuery },
  responses: {
    200: {
      description: 'Of everyone who is there, those never asked among them.',
      content: { 'application/json': { schema: fairnessAnswer } },
    },
  },
});

type Input = { readonly id: string } & z.output<typeof fairnessQuery>;
type Answer = z.input<typeof fairnessAnswer>;

export async function readFairness(
  parts: WorkingTimeParts,
  { actor, input }: Asked<Input>,
): Promise<Answer> {
  const region = input.id as RegionId;
  const team = (input.team ?? null) as TeamId | null;
  const at = parts.clock.now();
  const everyone = await askedOfRegion(parts.db, region, at);
  const subject = { region, team };
  if (!everyone || !may(actor, 'fairness.view', subject)) {
    throw new Refusal(problem('request.not_found'));
  }
  const people = everyone.filter((person) => team === null || person.team === team);
  if (team !== null && people.length === 0) throw new Refusal(problem('request.not_found'));
  const isShown = mayBeShown(everyone, team);
  const figures = isShown ? fairnessFigures(people, ledgerSince(at)) : hiddenFairness;
  return {
    region,
    team,
    since: new Date(ledgerSince(at)).toISOString(),
    isShown,
    ...(await tellFigures(parts, actor.id, figures)),
    people:
      isShown && may(actor, 'fairness.people', subject)
        ? await personByPerson(parts, actor, people)
        : null,
  };
}

/** The region, or one team of it beside the region and its other teams. */
export function mayBeShown(
  everyone: readonly Pick<AskedPerson, 'team'>[],
  team: TeamId | null,
): boolean {
  if (everyone.length < groupSizeMin) return false;
  if (team === null) return true;
  const sizes = new Map<TeamId, number>();
  for (const person of everyone) sizes.set(person.team, (sizes.get(person.team) ?? 0) + 1);
  return shownParts(sizes).has(team);
}

async function personByPerson(
  { tell }: WorkingTimeParts,
  actor: Actor,
  people: readonly AskedPerson[],
): Promise<Answer['people']> {
  const shown = people.toSorted((a, b) => b.points - a.points).slice(0, peopleShownMax);
  const sentences = await tell(
    actor.id,
    shown.map(({ id, minutes, restMinutes: rest }) => ({
      key: 'fairness.person',
      params: { person: { person: id }, minutes, rest },
    })),
  );
  return shown.map(({ id, name, minutes, restMinutes, points }, index) => ({
    person: id,
    name,
    minutes,
    restMinutes,
    points,
    sentence: present(sentences[index], 'the sentence'),
  }));
}
