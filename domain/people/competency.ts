/** What the growth of leaders, and the practices they share, are about. */
export const competencies = [
  'data-storytelling',
  'territory-planning',
  'clinical-fluency',
  'compliant-targeting',
  'value-based-selling',
  'accurate-forecasting',
  'sales-enablement',
  'partner-management',
  'cross-border-teamwork',
] as const;
export type Competency = (typeof competencies)[number];
