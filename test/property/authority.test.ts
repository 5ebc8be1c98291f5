import {
  type Arbitrary,
  array,
  assert,
  boolean,
  constant,
  constantFrom,
  option,
  property,
  record,
  subarray,
  tuple,
} from 'fast-check';
import { test } from 'vitest';
import { type Actor, may, mayOnBehalfOf } from '../../domain/authority.ts';
import { refusedFor } from '../../domain/feedback-round/decide.ts';
import type { HandoffSubject, Placed } from '../../domain/subjects.ts';
import type { PersonId, RegionId, TeamId } from '../../domain/id.ts';
import { roles } from '../../domain/people/role.ts';
import { proofSeed, proofSize, reportProof } from '../support/proof.ts';

const run = { numRuns: proofSize(5_000, 500_000), seed: proofSeed };
const timeout = proofSize(60_000, 1_800_000);

const ids = ['a', 'b', 'c', 'd', 'e', 'f'].map((text) => text as PersonId);
const regions = ['r', 's'].map((text) => text as RegionId);

const anyPlaced = (id: PersonId): Arbitrary<Placed> =>
  record({
    id: constant(id),
    region: constantFrom(...regions),
    team: constant('t' as TeamId),
    line: subarray(ids.filter((other) => other !== id)),
  });
const anyActor = (id: PersonId): Arbitrary<Actor> =>
  record({
    isActive: boolean(),
    teamKind: constantFrom('own', 'partner'),
    grants: array(
      record({
        role: constantFrom(...roles),
        region: option(constantFrom(...regions)),
      }),
      { maxLength: 3 },
    ),
    principals: subarray(ids.filter((other) => other !== id)),
    principalsIn: constantFrom({}, { handoff: ids.filter((other) => other !== id).slice(0, 2) }),
  }).chain((more) => anyPlaced(id).map((person) => ({ ...person, ...more })));

const anyHandoff: Arbitrary<HandoffSubject> = subarray(ids, { minLength: 1 })
  .chain((parties) =>
    record({
      parties: tuple(...parties.map(anyPlaced)),
      asked: subarray(parties),
    }),
  )
  .map(({ parties, asked }) => ({ giver: parties[0]!, parties, asked }));

const actions = [
  'handoff.ask',
  'handoff.accept',
  'handoff.decline',
  'handoff.answer',
  'handoff.confirm',
  'handoff.sendBack',
  'handoff.revise',
  'handoff.note',
  'loop.flags',
  'handoff.withdraw',
  'handoff.hold',
  'handoff.resume',
  'handoff.reassign',
] as const;

test(
  'whoever may act on a handoff may see it, by their own right and under a delegation',
  { timeout },
  () => {
    reportProof('who may act and see', run.numRuns);
    const people = tuple(anyActor(ids[0]!), anyActor(ids[1]!));
    assert(
      property(people, anyHandoff, constantFrom(...actions), ([actor, principal], any, action) => {
        const handoff = standingAs(any, [actor, principal]);
        const acts =
          may(actor, action, handoff) || mayOnBehalfOf({ actor, principal }, action, handoff);
        return !acts || may(actor, 'handoff.view', handoff);
      }),
      run,
    );
  },
);

const [one, two] = [ids[0]!, ids[1]!];
const anyBody = constantFrom(...ids);
/** Of each loop of growth: what it is about, who acts on it, and who reads it. */
const grows = {
  plan: {
    subject: record({ subject: anyPlaced(ids[2]!), manager: anyBody, coaches: subarray(ids) }),
    acts: ['plan.act', 'plan.steer'],
    views: 'plan.view',
  },
  quarter: {
    subject: record({ region: constantFrom(...regions), participants: subarray(ids) }).chain((of) =>
      anyBody.map((chair) => ({ ...of, chair, participants: [...of.participants, chair] })),
    ),
    acts: ['quarter.attend', 'quarter.steer'],
    views: 'quarter.view',
  },
} as const;

test(
  'whoever may act in a plan, a quarterly review or a round may see it, by their own right and for whom they act',
  { timeout },
  () => {
    reportProof('who may act and see in what grows', run.numRuns);
    const people = tuple(anyActor(one), anyActor(two));
    for (const { subject, acts, views } of Object.values(grows)) {
      assert(
        property(people, subject, constantFrom(...acts), ([actor, principal], any, action) => {
          const about = any as never;
          const isTaken =
            may(actor, action, about) || mayOnBehalfOf({ actor, principal }, action, about);
          return !isTaken || may(actor, views, about);
        }),
        run,
      );
    }
    const round = record({ manager: anyBody, starter: anyBody, asked: subarray(ids) });
    assert(
      property(people, round, anyPlaced(ids[2]!), ([actor, principal], of, subject) => {
        const about = { ...of, subject };
        const onBehalf = { actor: actor.id, onBehalfOf: principal.id };
        const isForOther =
          refusedFor({ ...of, subject: subject.id }, onBehalf) === null &&
          mayOnBehalfOf({ actor, principal }, 'feedback.steer', about);
        const isTaken = may(actor, 'feedback.steer', about) || isForOther;
        return !isTaken || may(actor, 'feedback.view', about);
      }),
      run,
    );
  },
);

test(
  'a grant in one region never allows what the same grant everywhere does not',
  { timeout },
  () => {
    assert(
      property(
        anyActor(ids[0]!),
        anyHandoff,
        constantFrom(...actions),
        (actor, handoff, action) => {
          const grants = actor.grants.map(({ role }) => ({ role, region: null }));
          const everywhere = { ...actor, grants };
          return (['handoff.view', action] as const).every(
            (what) => !may(actor, what, handoff) || may(everywhere, what, handoff),
          );
        },
      ),
      run,
    );
  },
);

/** Where a person stands is one fact, whether they act or are a party. */
function standingAs(handoff: HandoffSubject, actors: readonly Actor[]): HandoffSubject {
  const parties = handoff.parties.map((party) => {
    const found = actors.find((actor) => actor.id === party.id);
    return found ? { ...party, region: found.region, line: found.line } : party;
  });
  return { ...handoff, giver: parties[0]!, parties };
}
