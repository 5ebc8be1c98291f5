/** What a holiday is called: the feasts that many countries keep are in our catalogues, others as their source knows them. */
import { codeName } from './code-name.ts';

interface Named {
  /** As it is called there. */
  readonly name: string;
  /** In the languages its source knows it by. */
  readonly names: Readonly<Record<string, string>>;
}

/** By what their source calls them in English; each is a text of `calendar.json` under `feast`. */
const feasts: ReadonlyMap<string, string> = new Map([
  ["New Year's Day", 'new_year'],
  ['Epiphany', 'epiphany'],
  ['Maundy Thursday', 'maundy_thursday'],
  ['Good Friday', 'good_friday'],
  ['Easter Sunday', 'easter_sunday'],
  ['Easter Monday', 'easter_monday'],
  ['Labour Day', 'labour_day'],
  ['Ascension Day', 'ascension'],
  ['Pentecost', 'pentecost'],
  ['Whit Monday', 'whit_monday'],
  ['Corpus Christi', 'corpus_christi'],
  ['Assumption', 'assumption'],
  ["All Saints' Day", 'all_saints'],
  ['Immaculate Conception', 'immaculate_conception'],
  ['Christmas Eve', 'christmas_eve'],
  ['Christmas Day', 'christmas'],
  ['Boxing Day', 'boxing_day'],
  ["New Year's Eve", 'new_year_eve'],
  ['Independence Day', 'independence'],
  ['Constitution Day', 'constitution'],
  ['Islamic New Year', 'islamic_new_year'],
  ['Birthday of Muhammad (Mawlid)', 'mawlid'],
  ['End of Ramadan (Eid al-Fitr)', 'eid_al_fitr'],
  ['Feast of the Sacrifice (Eid al-Adha)', 'eid_al_adha'],
  ['Arafat Day', 'arafat'],
  ['Deepavali', 'deepavali'],
  ['Vesak Day', 'vesak'],
]);

/** Of these each country has one of its own, by a name of its own where somebody knows it. */
const ofEachCountry: readonly string[] = ['independence', 'constitution'];

/**
 * In the reader's language. Where it has no name in it, the English one, or the one it has there, says
 * in which language it is: a name that was made up would be wrong and look right.
 */
export function holidayName(
  { name, names }: Named,
  locale: string,
  feastName: (key: string) => string,
): string {
  const language = locale.split('-')[0] ?? locale;
  const { en } = names;
  const feast = en === undefined ? undefined : feasts.get(en);
  const own = names[language];
  const isOwn = feast === undefined || ofEachCountry.includes(feast);
  if (own !== undefined && isOwn) return own;
  if (feast !== undefined) return feastName(`calendar.feast.${feast}`);
  return en === undefined ? name : `${en} (${codeName('language', 'en', locale)})`;
}
