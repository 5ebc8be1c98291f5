/** The zones, locales and countries of this build, and what somebody who mistyped one meant. */
import { closest as nearest, distance } from 'fastest-levenshtein';
import type { Vocabulary } from '../../domain/directory/checking.ts';
import { folded } from '../../domain/directory/fold.ts';
import { isZone } from '../../domain/time/zone.ts';
import { locales } from '../../locales/catalogue.ts';
import { zoneOfPlace } from './places.ts';

const zones = Intl.supportedValuesOf('timeZone');
const foldedZones = new Map(zones.map((zone) => [placeOf(lastPart(zone)), zone]));

/** `EST` is somewhere without summer time, and rarely what was meant: a zone is named by its place. */
const isPlaceZone = (name: string): boolean =>
  (name.includes('/') || name === 'UTC') && isZone(name);

function likelyZone(name: string): string | null {
  const place = placeOf(lastPart(name));
  return zoneOfPlace(place) ?? foldedZones.get(place) ?? closest(name, zones);
}

function lastPart(zone: string): string {
  return zone.slice(zone.lastIndexOf('/') + 1);
}

/** `São Paulo`, `Sao_Paulo` and `sao-paulo` are one place. */
function placeOf(text: string): string {
  return folded(text).replaceAll(/[^a-z]/g, '');
}

/** Nearer than this share of the word (of a short word: than this), or it is another word. */
const differenceMax = 0.4;
const differenceOfShortMax = 2;

function closest(word: string, candidates: Iterable<string>): string | null {
  const all = [...candidates];
  if (all.length === 0) return null;
  const found = nearest(word, all);
  const difference = distance(word, found);
  const isNear = difference <= Math.max(differenceOfShortMax, word.length * differenceMax);
  return isNear && difference < Math.min(word.length, found.length) ? found : null;
}

/** ISO 3166-1 leaves these to users or to unions of states, though runtimes know a name for them. */
const noCountries = ['EU', 'EZ', 'QO', 'UK', 'UN', 'XA', 'XB', 'ZZ'];
const countryNames = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });

const isCountry = (code: string): boolean =>
  /^[A-Z]{2}$/.test(code) && !noCountries.includes(code) && countryNames.of(code) !== undefined;

export const vocabulary: Vocabulary = {
  locales,
  isZone: isPlaceZone,
  likelyZone,
  isCountry,
  closest,
};
