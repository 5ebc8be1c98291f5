/**
 * `npm run holidays -- --year 2027` puts the public holidays of each region's country beside those of the
 * organisation's file, which win. Works without a network; `--dry-run` says what would change.
 */
import { parseArgs } from 'node:util';
import { openDatabase } from '../db/client.ts';
import { seedHolidays } from '../db/holidays.ts';
import { placeName } from '../domain/holidays/published-holiday.ts';
import { readConfig } from './config.ts';
import { failureSentence } from './failure-sentence.ts';
import { type Published, publishedHolidays, yearMax, yearMin } from './holidays/published.ts';
import { report } from './holidays/report.ts';
import { printable } from './import-sentences.ts';

const usage = 'Which year? npm run holidays -- --year 2027 [--year 2028] [--dry-run]';

type Asked = { readonly years: readonly number[]; readonly isDryRun: boolean };

/** A sentence when it cannot be done. */
function read(args: readonly string[]): Asked | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        year: { type: 'string', multiple: true },
        'dry-run': { type: 'boolean', default: false },
      },
    });
    const texts = values.year ?? [];
    if (texts.length === 0) return usage;
    const unknown = texts.find((text) => !isYear(text));
    if (unknown !== undefined) {
      return `${unknown} is no year whose holidays are known here: ${yearMin} to ${yearMax} are.`;
    }
    return { years: texts.map(Number), isDryRun: values['dry-run'] };
  } catch {
    return usage;
  }
}

const isYear = (text: string): boolean =>
  /^\d{4}$/.test(text) && Number(text) >= yearMin && Number(text) <= yearMax;

/** Regions of one country share its days, and reckoning them takes a while. */
function oncePerPlace(): typeof publishedHolidays {
  const known = new Map<string, Published>();
  return (place, year) => {
    const key = `${placeName(place)} ${year}`;
    const published = known.get(key) ?? publishedHolidays(place, year);
    known.set(key, published);
    return published;
  };
}

async function main({ years, isDryRun }: Asked): Promise<number> {
  const { database } = readConfig(process.env, ['database']);
  const db = openDatabase({ ...database, applicationName: 'meridian-holidays' });
  try {
    let isComplete = true;
    for (const year of years) {
      const request = { year, at: Date.now(), isDryRun, publish: oncePerPlace() };
      const seeded = await seedHolidays(db, request);
      for (const line of report(seeded, { year, isDryRun })) console.log(printable(line));
      isComplete &&= seeded.regions.every(({ problem }) => problem === null);
    }
    return isComplete ? 0 : 1;
  } finally {
    await db.destroy();
  }
}

if (import.meta.main) {
  const asked = read(process.argv.slice(2));
  if (typeof asked === 'string') {
    console.error(asked);
    process.exitCode = 2;
  } else {
    process.exitCode = await main(asked).catch((thrown: unknown) => {
      console.error(printable(failureSentence(thrown)));
      return 2;
    });
  }
}
