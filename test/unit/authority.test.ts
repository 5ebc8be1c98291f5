import { describe, expect, test } from 'vitest';
import { type Action, type Actor, type Grant, may, mayOnBehalfOf } from '../../domain/authority.ts';
import {
  type AccountSubject,
  type HandoffSubject,
  organisation,
  type Placed,
} from '../../domain/subjects.ts';
import type { PersonId, RegionId, TeamId } from '../../domain/id.ts';
import type { Role } from '../../domain/people/role.ts';

const id = (text: string) => text as PersonId;
const region = (text: string) => text as RegionId;
const grant = (role: Role, of: string | null = null): Grant => ({
  role,
  region: of === null ? null : region(of),
});

function placed(name: string, line: readonly string[], of = 'germany', team = 'berlin'): Placed {
  return { id: id(name), region: region(of), team: team as TeamId, line: line.map(id) };
}
function actor(person: Placed, more: Partial<Actor> = {}): Actor {
  return {
    ...person,
    isActive: true,
    teamKind: 'own',
    grants: [],
    principals: [],
    principalsIn: {},
    ...more,
  };
}

const giver = placed('berlin-lead', ['berlin-manager', 'director']);
const receiver = placed('tokyo-lead', ['tokyo-manager', 'director'], 'japan', 'tokyo');
const handoff: HandoffSubject = { giver, parties: [giver, receiver], asked: [receiver.id] };
const account: AccountSubject = { owner: giver, team: 'berlin' as TeamId, parties: [receiver.id] };

const stranger = placed('london-lead', ['director'], 'uk', 'london');
const people = {
  giver: actor(giver),
  'manager of the giver': actor(placed('berlin-manager', ['director'])),
  'director above both': actor(placed('director', [])),
  receiver: actor(receiver),
  'manager of the receiver': actor(placed('tokyo-manager', ['director'], 'japan')),
  stranger: actor(stranger),
  'partner who is no party': actor(stranger, { teamKind: 'partner' }),
  'regional manager of the receiver': actor(stranger, {
    grants: [grant('regional-manager', 'japan')],
  }),
  'regional manager elsewhere': actor(stranger, { grants: [grant('regional-manager', 'uk')] }),
  compliance: actor(stranger, { grants: [grant('compliance')] }),
  operator: actor(stranger, { grants: [grant('operator')] }),
  'operator of one region': actor(stranger, { grants: [grant('operator', 'japan')] }),
  admin: actor(stranger, { grants: [grant('admin')] }),
  'learning lead': actor(stranger, { grants: [grant('learning-lead')] }),
} as const satisfies Record<string, Actor>;
type Who = keyof typeof people;

function whoMay(allowed: (actor: Actor) => boolean): readonly Who[] {
  return (Object.keys(people) as Who[]).filter((who) => allowed(people[who]));
}

test('whoever asked for a cover steers it while they might still ask for it', () => {
  const cover = (asker: Actor) => ({ owner: giver, asker: asker.id, taker: null, asked: [] });
  const steers = (who: Actor) =>
    (['cover.withdraw', 'cover.end', 'cover.hold', 'cover.resume'] as const).filter((action) =>
      may(who, action, cover(who)),
    ).length;
  expect(steers(people.admin)).toBe(4);
  // Of another region, or without the office by now, whoever asked steers it no more.
  expect(steers(actor(stranger, { grants: [grant('admin', 'uk')] }))).toBe(0);
  expect(steers(people.stranger)).toBe(0);
  expect(steers(people['manager of the giver'])).toBe(4);
});

test('whoever started a rotation steers it while they take turns in it or stand over somebody who does', () => {
  const of = (actor: Actor, members: readonly Placed[]): boolean =>
    may(actor, 'rotation.change', { owner: receiver, starter: actor.id, members });
  expect(of(people.giver, [giver, receiver])).toBe(true);
  expect(of(people.giver, [receiver]), 'who takes no turns any more').toBe(false);
  expect(of(people['manager of the giver'], [giver, receiver])).toBe(true);
  expect(of(people['manager of the giver'], [receiver]), 'whose people take none').toBe(false);
  expect(of(people.admin, [receiver]), 'by office').toBe(true);
  expect(of(people.stranger, [giver, receiver]), 'who has moved to another team').toBe(false);
});

describe('a handoff', () => {
  test('is seen by its parties, those above them, and the offices of their regions', () => {
    expect(whoMay((who) => may(who, 'handoff.view', handoff))).toEqual([
      'giver',
      'manager of the giver',
      'director above both',
      'receiver',
      'manager of the receiver',
      'regional manager of the receiver',
      'compliance',
      'operator',
      'operator of one region',
      'admin',
    ]);
  });

  test('is started by the custodian, those above the custodian, or an admin', () => {
    expect(whoMay((who) => may(who, 'handoff.start', account))).toEqual([
      'giver',
      'manager of the giver',
      'director above both',
      'admin',
    ]);
  });

  test.each(['handoff.ask', 'handoff.accept', 'handoff.decline'] as const)(
    '%s is for the one who is asked alone',
    (action) => {
      expect(whoMay((who) => may(who, action, handoff))).toEqual(['receiver']);
    },
  );

  test.each(['handoff.answer', 'handoff.confirm'] as const)(
    '%s is for the giver and the manager directly above',
    (action) => {
      expect(whoMay((who) => may(who, action, handoff))).toEqual(['giver', 'manager of the giver']);
    },
  );

  test.each(['handoff.withdraw', 'handoff.hold', 'handoff.resume', 'handoff.reassign'] as const)(
    '%s is for the giver, everyone above, and an operator of the giver’s region',
    (action) => {
      expect(whoMay((who) => may(who, action, handoff))).toEqual([
        'giver',
        'manager of the giver',
        'director above both',
        'operator',
      ]);
    },
  );
});

describe('what is to be done for an account', () => {
  const team = 'vienna' as TeamId; // nobody’s here
  const subject = { custodian: giver, team, parties: [giver.id, receiver.id] };
  const theirs = { custodian: giver, owner: receiver };

  test('is seen by the custodian, their line, the team, who is asked, and the offices that read handoffs', () => {
    expect(whoMay((who) => may(who, 'actions.view', subject))).toEqual([
      'giver',
      'manager of the giver',
      'director above both',
      'receiver',
      'compliance',
      'operator',
      'admin',
    ]);
  });

  test('is added to by the custodian, their line, the team and the parties of an open handoff', () => {
    expect(whoMay((who) => may(who, 'actions.add', subject))).toEqual([
      'giver',
      'manager of the giver',
      'director above both',
      'receiver',
    ]);
    const alone = { ...subject, parties: [] };
    expect(may(people.receiver, 'actions.add', alone)).toBe(false);
    const ofTheTeam = actor({ ...stranger, team });
    expect(may(ofTheTeam, 'actions.add', alone)).toBe(true);
    expect(may(ofTheTeam, 'actions.view', alone)).toBe(true);
  });

  test('is changed by its owner, the custodian, and those above either', () => {
    expect(whoMay((who) => may(who, 'action.change', theirs))).toEqual([
      'giver',
      'manager of the giver',
      'director above both',
      'receiver',
      'manager of the receiver',
    ]);
  });
});

describe('the organisation', () => {
  test('is replaced by an admin, and seen whole by admin and operator, of all regions only', () => {
    const admins = [people.admin, actor(stranger, { grants: [grant('admin', 'uk')] })];
    expect(admins.map((who) => may(who, 'directory.replace', organisation))).toEqual([true, false]);
    expect(whoMay((who) => may(who, 'directory.view', organisation))).toEqual([
      'operator',
      'admin',
    ]);
    expect(whoMay((who) => may(who, 'loops.operate', organisation))).toEqual(['operator']);
  });

  test('tells other systems what its admins let it tell, those of a region that region', () => {
    const ofUk = actor(stranger, { grants: [grant('admin', 'uk')] });
    const regions = [null, region('uk'), region('japan')];
    const managedBy = (who: Actor) =>
      regions.filter((of) => may(who, 'webhooks.manage', { region: of }));
    expect(managedBy(ofUk)).toEqual([region('uk')]);
    expect(managedBy(people.admin)).toEqual(regions);
    expect(whoMay((who) => managedBy(who).length > 0)).toEqual(['admin']);
  });

  test('shows every account and person to its own people, and to a partner those they deal with', () => {
    const partner = (person: Placed, more: Partial<Actor> = {}) =>
      actor(person, { teamKind: 'partner', ...more });
    expect(may(people.stranger, 'account.view', account)).toBe(true);
    expect(may(partner(stranger), 'account.view', account)).toBe(false);
    expect(may(partner(receiver), 'account.view', account)).toBe(true);
    expect(may(partner({ ...stranger, team: account.team }), 'account.view', account)).toBe(true);
    expect(may(partner(stranger, { principals: [giver.id] }), 'account.view', account)).toBe(true);

    const alone = { ...giver, meets: [] };
    expect(may(people.stranger, 'person.view', alone)).toBe(true);
    expect(may(partner(stranger), 'person.view', alone)).toBe(false);
    expect(may(partner(stranger), 'person.view', { ...giver, meets: [stranger.id] })).toBe(true);
    expect(may(partner(placed('x', ['berlin-lead'], 'uk', 'z')), 'person.view', alone)).toBe(true);
  });
});

test('an open step is seen by whom it is asked of, those above, and the offices of the region', () => {
  expect(whoMay((who) => may(who, 'task.view', receiver))).toEqual([
    'director above both',
    'receiver',
    'manager of the receiver',
    'regional manager of the receiver',
    'operator',
    'operator of one region',
    'admin',
  ]);
});

test('whoever has left may nothing, whatever they were', () => {
  const gone = actor(giver, { isActive: false, grants: [grant('admin'), grant('operator')] });
  const asked: readonly [Action, unknown][] = [
    ['handoff.view', handoff],
    ['handoff.confirm', handoff],
    ['account.view', account],
    ['directory.replace', organisation],
  ];
  for (const [action, subject] of asked) expect(may(gone, action, subject as never)).toBe(false);
});

describe('a delegate', () => {
  const deputy = actor(stranger, { principals: [receiver.id] });

  test('does for the principal what the principal may do, and sees what it is about', () => {
    const pair = { actor: deputy, principal: people.receiver };
    expect(mayOnBehalfOf(pair, 'handoff.accept', handoff)).toBe(true);
    expect(mayOnBehalfOf(pair, 'handoff.confirm', handoff)).toBe(false);
    expect(may(deputy, 'handoff.view', handoff)).toBe(true);
    expect(may(deputy, 'handoff.accept', handoff)).toBe(false);
  });

  test('decides in the line of the principal too', () => {
    const manager = people['manager of the giver'];
    const stand = actor(stranger, { principals: [manager.id] });
    expect(mayOnBehalfOf({ actor: stand, principal: manager }, 'handoff.confirm', handoff)).toBe(
      true,
    );
    expect(may(stand, 'handoff.view', handoff)).toBe(true);
  });

  test('may nothing without a delegation that holds now', () => {
    const pair = { actor: people.stranger, principal: people.receiver };
    expect(mayOnBehalfOf(pair, 'handoff.accept', handoff)).toBe(false);
  });

  test('does not get the offices of the principal', () => {
    const stand = actor(stranger, { principals: [people.operator.id] });
    const operator = { ...people.operator, id: id('operator') };
    const pair = { actor: { ...stand, principals: [operator.id] }, principal: operator };
    expect(mayOnBehalfOf(pair, 'handoff.hold', handoff)).toBe(false);
    expect(mayOnBehalfOf(pair, 'loops.operate', organisation)).toBe(false);
  });

  test('does not pass on what others delegated to the principal', () => {
    const principal = actor(placed('osaka-lead', []), { principals: [receiver.id] });
    const stand = actor(stranger, { principals: [principal.id] });
    expect(mayOnBehalfOf({ actor: stand, principal }, 'handoff.accept', handoff)).toBe(false);
    expect(mayOnBehalfOf({ actor: stand, principal }, 'handoff.view', handoff)).toBe(false);
  });

  test('may nothing for somebody who has left', () => {
    const pair = { actor: deputy, principal: { ...people.receiver, isActive: false } };
    expect(mayOnBehalfOf(pair, 'handoff.accept', handoff)).toBe(false);
  });
});

describe('what is counted over people', () => {
  const japan = { region: region('japan'), team: null };
  const partners = { region: region('japan'), team: 'osaka-partners' as TeamId };

  test('how evenly people are asked is seen by colleagues, and by no partner', () => {
    const others = whoMay((one) => !may(one, 'fairness.view', japan));
    expect(others).toEqual(['partner who is no party']);
  });

  test('person by person it is for the regional manager and administrators', () => {
    expect(whoMay((one) => may(one, 'fairness.people', japan))).toEqual([
      'regional manager of the receiver',
      'admin',
    ]);
  });

  test('a scorecard of partners is seen by colleagues and by themselves, and by no other partner', () => {
    const member = actor(placed('osaka-lead', [], 'japan', 'osaka-partners'), {
      teamKind: 'partner',
    });
    expect(may(member, 'scorecard.view', partners)).toBe(true);
    expect(may(member, 'scorecard.view', japan)).toBe(false);
    expect(may({ ...member, isActive: false }, 'scorecard.view', partners)).toBe(false);
    const others = whoMay((one) => !may(one, 'scorecard.view', partners));
    expect(others).toEqual(['partner who is no party']);
  });
});

test('a delegation of one loop counts in that loop alone, for seeing and for deciding', () => {
  const deputy = actor(stranger, { teamKind: 'partner', principalsIn: { handoff: [receiver.id] } });
  const principal = actor(receiver);
  expect(may(deputy, 'handoff.view', handoff)).toBe(true);
  expect(mayOnBehalfOf({ actor: deputy, principal }, 'handoff.accept', handoff)).toBe(true);
  const cover = { owner: giver, asker: null, taker: null, asked: [receiver.id] };
  expect(mayOnBehalfOf({ actor: deputy, principal }, 'cover.take', cover)).toBe(false);
  expect(may(deputy, 'task.view', receiver)).toBe(false);
});
