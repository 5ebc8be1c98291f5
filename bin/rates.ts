/**
 * `npm run rates -- eurofxref-hist.csv`: adds the reference rates that the European Central Bank
 * publishes. Safe to repeat; a rate that is there already stays as it was.
 */
import { readFile, stat } from 'node:fs/promises';
import { importRates } from '../db/budget-rates.ts';
import { openDatabase } from '../db/client.ts';
import { readReferenceRates } from '../domain/budget/reference-rates.ts';
import { readConfig } from './config.ts';
import { failureSentence } from './failure-sentence.ts';
import { printable } from './import-sentences.ts';

/** All days since 1999 are about 2 MB. */
const fileBytesMax = 16 * 1_024 * 1_024;
const shownMax = 20;

async function main(file: string): Promise<number> {
  const { size } = await stat(file);
  if (size > fileBytesMax) throw new Error(`${file} is larger than ${fileBytesMax} bytes`);
  const read = readReferenceRates(await readFile(file, 'utf8'));
  if (!read.ok) {
    console.error(
      printable(`Nothing was imported: line ${read.line} is not one that ${read.what}.`),
    );
    return 1;
  }
  const { database } = readConfig(process.env, ['database']);
  const db = openDatabase({ ...database, applicationName: 'meridian-rates' });
  try {
    const { added, known, different } = await importRates(db, read.rates, {
      source: 'ECB',
      at: Date.now(),
    });
    for (const { day, currency, unitsPerEuro } of different.slice(0, shownMax)) {
      console.log(
        `Kept as it was: ${currency} of ${day}, which this file gives as ${unitsPerEuro}.`,
      );
    }
    console.log(`${added} rates added, ${known} known, ${different.length} kept that differ.`);
    return 0;
  } finally {
    await db.destroy();
  }
}

if (import.meta.main) {
  const [file] = process.argv.slice(2);
  if (file === undefined) {
    console.error('Which file? npm run rates -- eurofxref-hist.csv');
    process.exitCode = 2;
  } else {
    process.exitCode = await main(file).catch((thrown: unknown) => {
      console.error(printable(failureSentence(thrown)));
      return 2;
    });
  }
}
