/** A version of the competency map as an organisation writes it: whole, in English alone. */
import { competencies } from '../../domain/people/competency.ts';
import { competencyLevels } from '../../domain/people/competency-level.ts';

export const wholeMap = (validFrom: string, words: string) =>
  competencies.flatMap((competency) =>
    competencyLevels.map((level) => ({
      validFrom,
      competency,
      level,
      locale: 'en',
      text: `${words}: ${competency}, ${level}`,
    })),
  );
