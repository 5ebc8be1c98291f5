/** Times as people send them: of the years that everything behind the API can work with. */
import { z } from '@hono/zod-openapi';
import { horizon } from '../domain/time/zone.ts';

const years = {
  from: new Date(horizon.from).getUTCFullYear(),
  to: new Date(horizon.until).getUTCFullYear() - 1,
} as const;

/** What `shape-mistakes.ts` tells of it. */
export const tooFar = {
  code: 'too_far',
  values: { from: String(years.from), to: String(years.to) },
} as const;

/** What is no time at all has been named already. */
const isKnownYear = (text: string): boolean => {
  const year = new Date(text).getUTCFullYear();
  return Number.isNaN(year) || (year >= years.from && year <= years.to);
};

/** With an offset from UTC. */
export const instantIn = z.iso
  .datetime({ offset: true })
  .refine(isKnownYear, { params: { mistake: tooFar } });

export const dayIn = z.iso.date().refine(isKnownYear, { params: { mistake: tooFar } });
