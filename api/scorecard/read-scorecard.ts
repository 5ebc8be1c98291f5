import { createRoute, type z } from '@hono/zod-openapi';
import { findAccount } from '../../db/accounts.ts';
import { countHandoffs, findScorecardGroup } from '../../db/scorecard.ts';
import { type Actor, may } from '../../domain/authority.ts';
import type { AccountId, PersonId } from '../../domain/id.ts';
import type { Sentence } from '../../domain/loop.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import {
  type ExpectedFigure,
  historyQuarters,
  type ScorecardKind,
  scorecardOf,
} from '../../domain/scorecard/figures.ts';
import {
  firstDayOf,
  lastDayOf,
  type Quarter,
  quarterAfter,
  quarterAt,
  rangeOf,
} from '../../domain/scorecard/quarter.ts';
import type { Asked } from '../directory/parts.ts';
import { idParams } from '../directory/schema.ts';
import { tellFigures } from '../figures.ts';
import type { WorkingTimeParts } from '../working-time/parts.ts';
import { scorecardAnswer, scorecardQuery } from './schema.ts';

const paths = {
  account: '/accounts/{id}/scorecard',
  region: '/regions/{id}/scorecard',
  team: '/teams/{id}/scorecard',
} as const satisfies Record<ScorecardKind, string>;

const summaries = {
  account: 'How handoffs of an account go, as far as you may see them',
  region: 'How handoffs to the people of a region go',
  team: 'How handoffs to a partner’s team go',
} as const satisfies Record<ScorecardKind, string>;

export const scorecardRoute = (kind: ScorecardKind) =>
  createRoute({
    method: 'get',
    path: paths[kind],
    operationId: `readScorecardOf${kind.charAt(0).toUpperCase()}${kind.slice(1)}`,
    tags: ['handoffs'],
    summary: summaries[kind],
    request: { params: idParams, query: scorecardQuery },
    responses: {
      200: {
        description: 'Each number with the sentence that says what it means.',
        content: { 'application/json': { schema: scorecardAnswer } },
      },
    },
  });

type Input = { readonly id: string } & z.output<typeof scorecardQuery>;
export type ScorecardShown = z.input<typeof scorecardAnswer>;

export const scorecardReader =
  (kind: ScorecardKind) =>
  async (parts: WorkingTimeParts, { actor, input }: Asked<Input>): Promise<ScorecardShown> => {
    const { id } = input;
    const at = parts.clock.now();
    const { name, zone } = await subjectOf(parts, actor, { kind, id });
    const period = input.period ?? quarterAt(at, zone);
    const range = rangeOf(period, period, zone);
    const history = rangeOf(quarterAfter(period, 1 - historyQuarters), period, zone);
    const counted = await countHandoffs(parts.db, { actor, kind, id, at, period: range, history });
    const { isShown, figures, expected } = scorecardOf(counted, kind);
    return {
      kind,
      id,
      name,
      period,
      from: new Date(range.from).toISOString(),
      until: new Date(range.until).toISOString(),
      isShown,
      sentences: [...(await parts.tell(actor.id, whatIsCounted(kind, period)))],
      ...(await tellFigures(parts, actor.id, figures)),
      expected: await tellExpected(parts, actor.id, expected),
    };
  };

interface Subject {
  readonly kind: ScorecardKind;
  readonly id: string;
}

/** Its name, and whose clock its quarters begin on: the first site's, or the region's. */
async function subjectOf(
  { db, clock }: WorkingTimeParts,
  actor: Actor,
  { kind, id }: Subject,
): Promise<{ readonly name: string; readonly zone: string }> {
  if (kind === 'account') {
    const account = await findAccount(db, { actor, id: id as AccountId, at: clock.now() });
    if (!account) throw new Refusal(problem('request.not_found'));
    return { name: account.name, zone: account.sites[0]?.zone ?? 'Etc/UTC' };
  }
  const group = await findScorecardGroup(db, kind, id);
  if (!group || !may(actor, 'scorecard.view', group)) {
    throw new Refusal(problem('request.not_found'));
  }
  return group;
}

const whatIsCounted = (kind: ScorecardKind, period: Quarter): readonly Sentence[] => [
  {
    key: 'scorecard.period',
    params: { first: { day: firstDayOf(period) }, last: { day: lastDayOf(period) } },
  },
  { key: `scorecard.scope.${kind}`, params: {} },
];

async function tellExpected(
  parts: WorkingTimeParts,
  reader: PersonId,
  { value, low, high, handoffs, sentence }: ExpectedFigure,
): Promise<ScorecardShown['expected']> {
  const { expected } = await tellFigures(parts, reader, { expected: { value, sentence } });
  return { ...expected, low, high, handoffs };
}
