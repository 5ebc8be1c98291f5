import { createRoute, type z } from '@hono/zod-openapi';
import {
  type AskedBudget,
  loadLive,
  prepareBudget,
  type PreparedBudget,
} from '../../db/budget-submissions.ts';
import { personNames } from '../../db/people.ts';
import { createWorldLoader } from '../../db/planning-world.ts';
import { loadActors } from '../../db/actors.ts';
import { leftOutSentences, timelineSentence } from '../../domain/budget/explain.ts';
import { type PreviewedStep, previewBudget as previewOf } from '../../domain/budget/preview.ts';
import type { LiveStep } from '../../domain/budget/state.ts';
import type { PersonId } from '../../domain/id.ts';
import { decimalOf } from '../../domain/money.ts';
import { Refusal } from '../../domain/problem.ts';
import { authorise } from '../authorise.ts';
import type { Commanded } from '../loop-steps.ts';
import { askedBudget, type BudgetInput } from './asked.ts';
import type { BudgetParts } from './parts.ts';
import { budgetBody, previewAnswer } from './schema.ts';

export const previewBudgetRoute = createRoute({
  method: 'post',
  path: '/budget-requests/preview',
  operationId: 'previewBudgetRequest',
  tags: ['budget requests'],
  summary: 'Who would decide, and what would happen when if nobody answered; nothing is kept',
  request: { body: { required: true, content: { 'application/json': { schema: budgetBody } } } },
  responses: {
    200: {
      description: 'The steps with their people, and the course of a silence.',
      content: { 'application/json': { schema: previewAnswer } },
    },
  },
});

type Preview = z.input<typeof previewAnswer>;

const loadWorld = createWorldLoader();

export async function previewBudget(
  parts: BudgetParts,
  { actor, input }: Commanded<BudgetInput>,
): Promise<Preview> {
  const { onBehalfOf } = input;
  const requester = (onBehalfOf ?? actor.id) as PersonId;
  const placed = (await loadActors(parts.db, [requester], parts.clock.now())).get(requester);
  const subject = { requester: placed ?? actor };
  const otherwise = 'authority.forbidden';
  await authorise(parts, { actor, onBehalfOf, action: 'budget.request', subject, otherwise });
  const { prepared, steps } = await planned(parts, { requester, submittedBy: actor.id }, input);
  const { submission, live, inLine, lineCurrency } = prepared;
  const [sentences, notAsked] = await Promise.all([
    parts.tell(
      actor.id,
      steps.map(({ event }) => timelineSentence(event, submission.currency)),
    ),
    Promise.all(live.map(({ leftOut }) => parts.tell(actor.id, leftOutSentences(leftOut)))),
  ]);
  const names = await personNames(
    parts.db,
    live.flatMap(({ named, upward, leftOut }) => [
      ...named,
      ...upward,
      ...leftOut.map(({ person }) => person),
    ]),
  );
  return {
    isSplit: submission.isSplit,
    inLine: decimalOf({ minor: inLine, currency: lineCurrency }),
    lineCurrency,
    steps: live.map((step, index) => ({
      name: step.name,
      needs: step.needs,
      people: peopleOf(step).map(({ id, why }) => ({
        person: { id, name: names.get(id) ?? id },
        why,
      })),
      leftOut: step.leftOut.map(({ person: id, why }) => ({
        person: { id, name: names.get(id) ?? id },
        why,
      })),
      notAsked: [...(notAsked[index] ?? [])],
    })),
    silence: steps.map(({ at }, index) => ({
      at: new Date(at).toISOString(),
      sentence: sentences[index] ?? '',
    })),
  };
}

const peopleOf = ({ named, upward }: LiveStep) => [
  ...named.map((id) => ({ id, why: 'named' as const })),
  ...upward.map((id) => ({ id, why: 'upward' as const })),
];

interface Planned {
  readonly prepared: PreparedBudget;
  readonly steps: readonly PreviewedStep[];
}

/** With people, rules and calendars as one transaction sees them; it writes nothing. */
function planned(
  { db, clock }: BudgetParts,
  by: Pick<AskedBudget, 'requester' | 'submittedBy'>,
  input: BudgetInput,
): Promise<Planned> {
  return db.transaction().execute(async (tx) => {
    const at = clock.now();
    const prepared = await prepareBudget(tx, askedBudget(by, input), at);
    if (!prepared.ok) throw new Refusal(prepared.problem);
    const { submission } = prepared;
    const others = submission.steps.flatMap(({ people }) => people.map(({ person }) => person));
    const { requester, submittedBy = requester } = by;
    const facts = await loadLive(tx, { ...submission, askedBy: [submittedBy], others });
    const superiors = Object.values(facts.superiors).flat();
    const people = [requester, ...others, ...superiors];
    const world = await loadWorld(tx, { people, at, pauses: [], delegatedIn: 'budgetRequest' });
    const steps = previewOf(submission, { ...world, facts });
    if ('code' in steps) throw new Refusal(steps);
    return { prepared, steps };
  });
}
