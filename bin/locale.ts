/**
 * `npm run locale [-- LOCALE]`: what a catalogue lacks, and whether anybody has read it.
 * `npm run locale -- pseudo`: every text as the pseudo-locale has it.
 */
import { readFileSync } from 'node:fs';
import { catalogues, fallbackLocale, locales } from '../locales/catalogue.ts';
import { checkCatalogue, type Findings, textsOf } from '../locales/checks.ts';
import { pseudoText } from '../locales/pseudo.ts';
import { StartProblem } from './embedded/start-problem.ts';
import { runCommand } from './run-command.ts';

interface About {
  readonly language: string;
  /** Native speakers who have read it as a whole. */
  readonly reviewedBy: readonly string[];
}

const notes = JSON.parse(
  readFileSync(new URL('../locales/notes.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, string>>;

const names: Readonly<Record<keyof Findings, string>> = {
  missing: 'missing',
  superfluous: 'not in English',
  otherValues: 'filled with other values than in English',
  pluralForms: 'lacks or has too many plural forms',
  unreadable: 'empty, untrimmed, or with markup',
  strayTerms: 'says another word than its glossary',
};

const about = (locale: string): About => {
  const { about: found } = (catalogues.get(locale) ?? {}) as { about?: About };
  return found ?? { language: locale, reviewedBy: [] };
};

function show(locale: string): number {
  const { language, reviewedBy } = about(locale);
  const findings = Object.entries(checkCatalogue(locale)) as [keyof Findings, readonly string[]][];
  const count = findings.reduce((sum, [, keys]) => sum + keys.length, 0);
  const read =
    reviewedBy.length === 0
      ? 'drafted, not yet read by a native speaker'
      : `read by ${reviewedBy.join(', ')}`;
  process.stdout.write(
    `${locale} (${language}): ${textsOf(locale).size} texts, ${count} to mend; ${read}\n`,
  );
  for (const [kind, keys] of findings) {
    for (const key of keys) {
      const note = kind === 'missing' && notes[key] ? ` — ${notes[key]}` : '';
      process.stdout.write(`  ${key}: ${names[kind]}${note}\n`);
    }
  }
  return count;
}

function showPseudo(): void {
  for (const [key, text] of textsOf(fallbackLocale)) {
    process.stdout.write(`${key}: ${pseudoText(text)}\n`);
  }
  process.stdout.write(
    'To see it on pages and in mail: MERIDIAN_PSEUDO_LOCALE=yes npm start; whoever reads English reads it.\n',
  );
}

await runCommand(async () => {
  const [asked] = process.argv.slice(2);
  if (asked === 'pseudo') return Promise.resolve(showPseudo());
  if (asked !== undefined && !locales.includes(asked)) {
    throw new StartProblem(
      'configuration',
      `There is no catalogue ${asked}. Copy the folder locales/en to locales/${asked} and translate it; nothing else is needed. There are: ${locales.join(', ')}.`,
    );
  }
  const counts = (asked === undefined ? locales : [asked]).map(show);
  process.exitCode = counts.some((count) => count > 0) ? 1 : 0;
  return Promise.resolve();
});
