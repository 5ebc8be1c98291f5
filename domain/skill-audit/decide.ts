/** The order of an audit's steps, and who of those named in it may take each. */
import type { PersonId } from '../id.ts';
import { accept, type Decision, type Instant, type LoopRules, partyOf, refuse } from '../loop.ts';
import { evolveAudit, withoutOne } from './evolve.ts';
import {
  type AuditCommand,
  type AuditEvent,
  type AuditRater,
  type AuditState,
  type ClockCommand,
  initialAudit,
  ratersMax,
  reminderPercents,
  windowDaysMax,
  windowDaysMin,
} from './state.ts';

type Step = Decision<AuditEvent>;
type Of<Type extends AuditCommand['type']> = Extract<AuditCommand, { readonly type: Type }>;

const dayMs = 86_400_000;

export const auditRules: LoopRules<AuditState, AuditCommand, AuditEvent> = {
  loop: 'skillAudit',
  version: 1,
  initial: initialAudit,
  decide,
  evolve: evolveAudit,
  isClosed: ({ status }) => status === 'closed' || status === 'cancelled',
};

function decide(state: AuditState, command: AuditCommand, at: Instant): Step {
  if (command.type === 'open') return open(state, command, at);
  if (state.status === 'new') return refuse('loop.not_open');
  if (auditRules.isClosed(state)) return refuse('loop.closed');
  switch (command.type) {
    case 'rate':
    case 'skip':
      return settle(state, command);
    case 'cancel':
      return accept({ type: 'cancelled', by: partyOf(command) });
    case 'remind':
    case 'passOn':
    case 'drop':
    case 'close':
      return tick(state, command);
  }
}

function open(state: AuditState, command: OpenOf, at: Instant): Step {
  if (state.status !== 'new') return refuse('loop.already_open');
  const { type: _open, actor, onBehalfOf: _nobody, ...opened } = command;
  const days = (opened.closesAt - at) / dayMs;
  if (days < windowDaysMin || days > windowDaysMax) {
    return refuse('skillAudit.window', { min: windowDaysMin, max: windowDaysMax });
  }
  if (opened.raters.length === 0) return refuse('skillAudit.nobody');
  if (opened.raters.length > ratersMax) {
    return refuse('skillAudit.too_many_raters', { max: ratersMax });
  }
  return accept({ type: 'opened', by: actor ?? null, ...opened });
}
type OpenOf = Of<'open'>;

export const raterOf = ({ raters }: AuditState, person: PersonId): AuditRater | null =>
  raters.find((rater) => rater.person === person) ?? null;

/** Nobody rates in somebody's place, and nobody rates themselves. */
function settle(state: AuditState, command: Of<'rate'> | Of<'skip'>): Step {
  const by = partyOf(command);
  const { person } = command;
  if (by !== command.actor || raterOf(state, by) === null) return refuse('skillAudit.not_asked');
  if (person === by) return refuse('skillAudit.own_rating');
  const event: AuditEvent =
    command.type === 'rate'
      ? { type: 'rated', by, person, sheet: command.sheet }
      : { type: 'skipped', by, person, reason: command.reason };
  return accept(event, ...closedAfter(state, by));
}

/** Whoever is the last one to be settled ends it. */
const closedAfter = (state: AuditState, rater: PersonId): readonly AuditEvent[] =>
  withoutOne(state.raters, rater).length === 0 ? [{ type: 'closed' }] : [];

const stale: Step = refuse('loop.stale_plan');

function tick(state: AuditState, command: ClockCommand): Step {
  switch (command.type) {
    case 'remind': {
      const rater = raterOf(state, command.person);
      return rater?.reminders === command.number && command.number < reminderPercents.length
        ? accept({ type: 'reminded', person: command.person })
        : stale;
    }
    case 'passOn': {
      const { from, to } = command;
      return raterOf(state, from) && from !== to ? accept({ type: 'passedOn', from, to }) : stale;
    }
    case 'drop': {
      const { person, rater } = command;
      if (raterOf(state, rater) === null) return stale;
      return accept({ type: 'dropped', person, rater }, ...closedAfter(state, rater));
    }
    case 'close':
      return accept({ type: 'closed' });
  }
}
