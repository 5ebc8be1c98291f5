/** Every operation on what people can do, outside of audits. */
import { ratePerson, ratePersonRoute } from './rate-person.ts';
import { readCuriosity, readCuriosityRoute } from './read-curiosity.ts';
import { readGrowth, readGrowthRoute } from './read-growth.ts';
import { readMap, readMapRoute } from './read-map.ts';

export const growthOperations = {
  map: { route: readMapRoute, run: readMap },
  read: { route: readGrowthRoute, run: readGrowth },
  curiosity: { route: readCuriosityRoute, run: readCuriosity },
  rate: { route: ratePersonRoute, run: ratePerson },
} as const;
