/** How well somebody can do something, the lowest first. */
export const competencyLevels = ['beginner', 'intermediate', 'advanced'] as const;
export type CompetencyLevel = (typeof competencyLevels)[number];
