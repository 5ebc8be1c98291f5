/** What a person may do by office. `admin` imports the directory; `operator` keeps the engine running. */
export const roles = [
  'member',
  'account-lead',
  'regional-manager',
  'learning-lead',
  'clinical-reviewer',
  'compliance',
  /** Is called while at work for what cannot wait. */
  'duty',
  'operator',
  'admin',
] as const;
export type Role = (typeof roles)[number];
