import { policyWrongs } from '../policy/shape.ts';

/** What is wrong, or worth knowing, at one place of a directory file. The sentence is in the catalogues. */
export const errorCodes = [
  'missing',
  'empty',
  'not_text',
  'not_list',
  'not_object',
  'not_value',
  'not_one_of',
  'too_long',
  'list_too_long',
  'control_character',
  'unknown_field',
  'json_malformed',
  'csv_malformed',
  'file_unknown',
  'id_invalid',
  'id_reveals_name',
  'duplicate',
  'email_invalid',
  'locale_unknown',
  'zone_unknown',
  'country_unknown',
  'subdivision_invalid',
  'hours_invalid',
  'hours_overlap',
  'time_invalid',
  'day_invalid',
  'days_reversed',
  'instant_invalid',
  'period_reversed',
  'half_until_missing',
  'half_until_needless',
  'like_needless',
  'hours_of_one_day',
  'roster_subject',
  'roster_overlap',
  'unknown_person',
  'unknown_region',
  'unknown_team',
  'unknown_week',
  'own_manager',
  'own_backup',
  'manager_cycle',
  'delegate_to_self',
  'delegation_cycle',
  'delegation_chain_too_long',
  'role_unknown',
  'role_not_for_partner',
  'quarter_invalid',
  'percent_invalid',
  'descriptor_missing',
  'policy_unknown',
  ...policyWrongs,
  // Against what is stored:
  'account_missing',
  'owner_missing',
  'owner_moves_by_handoff',
  'region_merged',
  'team_dissolved',
  'team_gone',
  'account_merged',
  'account_closed',
  'clearance_lost',
  'policy_of_change',
] as const;
export const warningCodes = [
  'week_without_work',
  'roster_gap',
  'email_shared',
  'no_admin',
  'no_operator',
  'owner_has_moved',
] as const;
export type FindingCode = (typeof errorCodes)[number] | (typeof warningCodes)[number];

export interface Finding {
  /** Such as `people[17].zone`. */
  readonly path: string;
  readonly code: FindingCode;
  readonly params: Readonly<Record<string, string | number>>;
}
