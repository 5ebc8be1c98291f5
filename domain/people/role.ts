/** What a person may do by office. `admin` imports the directory; `operator` keeps the engine running. */
export const roles = [
  'member',
  'account-lead',
  'regional-manager',
  'learning-lead',
  'clinical-reviewer',
  'compliance',
  'operator',
  'admin',
] as const;
export type Role = (typeof roles)[number];
