import { createRoute, type z } from '@hono/zod-openapi';
import { currentMap, descriptorTexts, findMap } from '../../db/competency-map.ts';
import { addressee } from '../../db/notices.ts';
import { present } from '../../domain/assert.ts';
import type { PersonId } from '../../domain/id.ts';
import { competencies } from '../../domain/people/competency.ts';
import { competencyLevels } from '../../domain/people/competency-level.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { recipientFor } from '../../locales/render.ts';
import type { Asked } from '../directory/parts.ts';
import type { GrowthParts } from './parts.ts';
import { mapAnswer, mapQuery } from './schema.ts';

export const readMapRoute = createRoute({
  method: 'get',
  path: '/competency-map',
  operationId: 'readCompetencyMap',
  tags: ['growth'],
  summary: 'What can be observed at each level of the nine competencies, in your language',
  request: { query: mapQuery },
  responses: {
    200: {
      description: 'One version of the map.',
      content: { 'application/json': { schema: mapAnswer } },
    },
  },
});

export type CompetencyMap = z.input<typeof mapAnswer>;

const fallbackLocale = 'en';

export async function readMap(
  parts: GrowthParts,
  { actor, input }: Asked<z.output<typeof mapQuery>>,
): Promise<CompetencyMap> {
  const { db, clock } = parts;
  const today = new Date(clock.now()).toISOString().slice(0, 10);
  const found = await findMap(db, input.version ?? (await currentMap(db, today)));
  if (!found) throw new Refusal(problem('request.not_found'));
  const { version, validFrom, isOurs } = found;
  const texts = isOurs ? await ours(parts, actor.id) : await theirs(parts, actor.id, version);
  const names = await tellKeys(
    parts,
    actor.id,
    competencies.map((key) => `competency.name.${key}`),
  );
  const levels = await tellKeys(
    parts,
    actor.id,
    competencyLevels.map((key) => `competency.level.${key}`),
  );
  return {
    version,
    validFrom,
    isOurs,
    items: competencies.map((competency, row) => ({
      competency,
      name: names[row] ?? competency,
      levels: competencyLevels.map((level, column) => ({
        level,
        name: levels[column] ?? level,
        ...present(texts.get(`${competency} ${level}`), 'a version is whole'),
      })),
    })),
  };
}

type Texts = ReadonlyMap<string, { readonly text: string; readonly locale: string }>;

const pairs = competencies.flatMap((competency) =>
  competencyLevels.map((level) => ({ competency, level })),
);

/** Of the product: in each of its languages. */
async function ours(parts: GrowthParts, reader: PersonId): Promise<Texts> {
  const [locale] = await localesOf(parts, reader);
  const told = await tellKeys(
    parts,
    reader,
    pairs.map(({ competency, level }) => `competency.descriptor.${competency}.${level}`),
  );
  return new Map(
    pairs.map(({ competency, level }, index) => [
      `${competency} ${level}`,
      { text: told[index] ?? '', locale: locale ?? fallbackLocale },
    ]),
  );
}

async function theirs(parts: GrowthParts, reader: PersonId, version: number): Promise<Texts> {
  const locales = await localesOf(parts, reader);
  const rows = await descriptorTexts(parts.db, { version, locales });
  return new Map(
    rows.map(({ competency, level, text, locale }) => [`${competency} ${level}`, { text, locale }]),
  );
}

async function localesOf({ db }: GrowthParts, reader: PersonId): Promise<readonly string[]> {
  const { locale } = recipientFor(present(await addressee(db, reader), 'the reader'));
  return [locale, fallbackLocale];
}

const tellKeys = ({ tell }: GrowthParts, reader: PersonId, keys: readonly string[]) =>
  tell(
    reader,
    keys.map((key) => ({ key, params: {} })),
  );
