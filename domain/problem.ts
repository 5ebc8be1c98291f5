/**
 * Every refusal a person can meet: code → category. The code is public and never renamed; its text
 * is in the catalogues (`locales/<locale>/problems.json`), its explanation in `docs/problems.md`.
 */
export const categories = [
  'malformed', // the request cannot be read
  'unauthenticated', // who asks is not known
  'forbidden', // known, and may see it, but may not do it
  'missing', // does not exist, or may not be seen
  'conflict', // the loop or the row is not in the state the request needs
  'stale', // decided upon an older revision
  'tooLarge',
  'invalid', // well-formed, but breaks a rule
  'limited', // too many requests
  'unavailable', // a part is down; the same request works later
  'internal', // a bug; says nothing but an id
] as const;
export type Category = (typeof categories)[number];

export const problems = {
  'request.malformed_json': 'malformed',
  'request.invalid': 'invalid',
  'request.too_deep': 'malformed',
  'request.body_too_large': 'tooLarge',
  'request.media_type': 'malformed',
  'request.method_not_allowed': 'malformed',
  'request.not_found': 'missing',
  'request.idempotency_key_missing': 'malformed',
  'request.idempotency_key_invalid': 'malformed',
  'request.idempotency_key_reused': 'invalid',
  'request.in_flight': 'conflict',
  'request.if_match_invalid': 'malformed',
  'request.revision_stale': 'stale',
  'request.limited': 'limited',
  'request.unavailable': 'unavailable',
  'request.timeout': 'unavailable',
  'request.cursor_invalid': 'malformed',
  'request.internal': 'internal',
  'identity.missing': 'unauthenticated',
  'identity.token_invalid': 'unauthenticated',
  'identity.token_expired': 'unauthenticated',
  'identity.unknown_person': 'unauthenticated',
  'identity.left': 'unauthenticated',
  'authority.forbidden': 'forbidden',
  'authority.no_delegation': 'forbidden',
  'loop.closed': 'conflict',
  'loop.held': 'conflict',
  'loop.not_held': 'conflict',
  'loop.already_open': 'conflict',
  'loop.not_open': 'conflict',
  'loop.too_busy': 'unavailable',
  'loop.stale_plan': 'conflict',
  'person.unknown': 'invalid',
  'person.left': 'invalid',
  'person.no_working_time': 'invalid',
  'time.horizon': 'invalid',
  'time.range_reversed': 'invalid',
  'time.range_too_long': 'invalid',
  'holiday.not_reviewer': 'forbidden',
  'holiday.same_day': 'invalid',
  'holiday.day_taken': 'conflict',
  'slot.none_fits': 'invalid',
  'absence.reversed': 'invalid',
  'absence.too_long': 'invalid',
  'absence.hours_invalid': 'invalid',
  'absence.hours_of_one_day': 'invalid',
  'absence.calendar_malformed': 'malformed',
  'absence.event_invalid': 'invalid',
  'absence.too_many': 'conflict',
  'absence.of_directory': 'conflict',
  'delegation.to_self': 'invalid',
  'delegation.partner': 'invalid',
  'delegation.period_past': 'invalid',
  'delegation.period_unreadable': 'invalid',
  'delegation.too_long': 'invalid',
  'delegation.overlaps': 'conflict',
  'delegation.cycle': 'conflict',
  'delegation.chain_too_long': 'conflict',
  'delegation.too_many': 'conflict',
  'delegation.of_directory': 'conflict',
  'content.unknown': 'invalid',
  'comment.too_many': 'conflict',
  'preferences.channel_twice': 'invalid',
  'preferences.quiet_empty': 'invalid',
  'preferences.incomplete': 'invalid',
  'preferences.address_refused': 'invalid',
  'preferences.unsubscribe_invalid': 'missing',
  'handoff.already_offered': 'conflict',
  'handoff.same_person': 'invalid',
  'handoff.account_unknown': 'invalid',
  'handoff.account_in_handoff': 'conflict',
  'handoff.not_custodian': 'conflict',
  'handoff.not_offered': 'conflict',
  'handoff.not_receiver': 'forbidden',
  'handoff.not_giver': 'forbidden',
  'handoff.not_read_back': 'conflict',
  'handoff.question_open': 'conflict',
  'handoff.no_question': 'conflict',
  'handoff.too_many_questions': 'conflict',
  'handoff.too_many_send_backs': 'conflict',
  'handoff.too_many_revisions': 'conflict',
  'handoff.red_flags': 'invalid',
  'handoff.not_moved': 'conflict',
  'handoff.too_many_notes': 'conflict',
  'handoff.too_late_to_reassign': 'conflict',
  'handoff.already_asked': 'conflict',
  'cover.window_past': 'invalid',
  'cover.window_too_long': 'invalid',
  'cover.own': 'forbidden',
  'cover.taken': 'conflict',
  'cover.not_asked': 'forbidden',
  'cover.not_taker': 'forbidden',
  'cover.running': 'conflict',
  'cover.not_running': 'conflict',
  'cover.overlaps': 'conflict',
  'outlook.not_asked': 'forbidden',
  'outlook.already_accepted': 'conflict',
  'outlook.accepted_until': 'invalid',
  'rotation.too_few': 'invalid',
  'rotation.member_twice': 'invalid',
  'rotation.account_in_rotation': 'conflict',
  'rotation.owner_not_member': 'conflict',
  'alert.due_past': 'invalid',
  'alert.not_called': 'forbidden',
  'alert.acknowledged': 'conflict',
  'alert.too_many': 'conflict',
  'action.late_owner': 'invalid',
  'action.not_open': 'conflict',
  'action.still_open': 'conflict',
  'action.already_theirs': 'conflict',
  'action.too_many': 'conflict',
  'action.changed_too_often': 'conflict',
  'money.currency_unknown': 'invalid',
  'money.malformed': 'invalid',
  'money.signed': 'invalid',
  'money.digits': 'invalid',
  'money.too_large': 'invalid',
  'money.not_positive': 'invalid',
  'money.rate_missing': 'conflict',
  'money.rate_old': 'conflict',
  'budget.line_exists': 'conflict',
  'budget.line_closed': 'conflict',
  'budget.not_available': 'conflict',
  'budget.below_used': 'conflict',
  'budget.reservation_ended': 'conflict',
  'budget.over_reserved': 'invalid',
  'budget.year_not_over': 'conflict',
  'webhook.address_refused': 'invalid',
  'webhook.region_unknown': 'invalid',
  'webhook.too_many': 'conflict',
  'webhook.off': 'conflict',
  'change.unknown': 'invalid',
  'change.into_itself': 'invalid',
  'change.circle': 'conflict',
  'change.gone': 'conflict',
  'change.awaited': 'conflict',
  'change.already_scheduled': 'conflict',
  'change.nowhere_to_go': 'conflict',
  'change.own_to_partner': 'conflict',
  'change.owner_leaves': 'conflict',
  'change.manager_leaves': 'conflict',
  'change.last_admin': 'conflict',
  'change.policy_overlaps': 'conflict',
  'change.past': 'invalid',
  'change.too_far': 'invalid',
  'change.too_many': 'conflict',
  'change.not_scheduled': 'conflict',
  'directory.invalid': 'invalid',
  'directory.malformed': 'malformed',
} as const satisfies Record<string, Category>;

export type ProblemCode = keyof typeof problems;

/** Params fill the sentence of the code; they are public, so never a secret and never an internal text. */
export interface Problem {
  readonly code: ProblemCode;
  readonly params: Readonly<Record<string, string | number>>;
}

export const problem = (code: ProblemCode, params: Problem['params'] = {}): Problem => ({
  code,
  params,
});

/** Carries an expected refusal through layers that answer by throwing (HTTP handlers, transactions). */
export class Refusal extends Error {
  readonly problem: Problem;
  constructor(refused: Problem) {
    super(refused.code);
    this.name = 'Refusal';
    this.problem = refused;
  }
}
