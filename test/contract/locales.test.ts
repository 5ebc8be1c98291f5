import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loops } from '../../activities/loops.ts';
import { loopNames } from '../../domain/loop.ts';
import { messageKinds } from '../../domain/notice/message-kinds.ts';
import { taskKinds } from '../../domain/task-kind.ts';
import { problems } from '../../domain/problem.ts';
import { locales } from '../../locales/catalogue.ts';
import { checkCatalogue, textsOf } from '../../locales/checks.ts';
import { messageKeys } from '../support/readers.ts';

const root = new URL('../../', import.meta.url);
const english = textsOf('en');
const notes = JSON.parse(readFileSync(new URL('locales/notes.json', root), 'utf8')) as Record<
  string,
  string
>;
const others = locales.filter((locale) => locale !== 'en');

test.for(others)('%s says everything that English says, and nothing else', (locale) => {
  const { missing, superfluous } = checkCatalogue(locale);
  expect({ missing, superfluous }).toEqual({ missing: [], superfluous: [] });
});

test.for(others)(
  '%s fills its sentences with the values that English fills them with',
  (locale) => {
    expect(checkCatalogue(locale).otherValues).toEqual([]);
  },
);

test.for(locales)('%s has every plural form that its language has, and no other', (locale) => {
  expect(checkCatalogue(locale).pluralForms).toEqual([]);
});

test.for(locales)('%s has no empty, untrimmed or unreadable text, and no markup', (locale) => {
  expect(checkCatalogue(locale).unreadable).toEqual([]);
});

test.for(others)('%s keeps to its own words for the terms of the product', (locale) => {
  expect(checkCatalogue(locale).strayTerms).toEqual([]);
});

test('a broken catalogue is found out, fault by fault', () => {
  const broken = new Map(textsOf('de'));
  broken.delete('page.more');
  broken.set('page.extra', 'Zu viel');
  broken.set('page.due', 'Fällig {at}}');
  broken.set('page.held', ' <b>Ruht</b>');
  broken.set('handoff.reminder.subject', 'Ihre Antwort wird erwartet: {{account}}');
  broken.set('page.count_other', '{{count}} Tage');
  broken.set('page.revision', 'Fassung {{revision}}');
  broken.set('page.inbox', ' ');
  expect(checkCatalogue('de', broken)).toMatchObject({
    missing: ['page.more'],
    superfluous: ['page.extra', 'page.count'],
    otherValues: ['page.due', 'page.revision'],
    pluralForms: ['page.count'],
    unreadable: ['page.inbox', 'page.due', 'page.held'],
    strayTerms: ['handoff.reminder.subject (read_back)'],
  });
});

test('another language is one folder and no code, and the command says what it lacks and who has read it', () => {
  const copy = mkdtempSync(path.join(tmpdir(), 'meridian-locales-'));
  try {
    for (const part of ['bin', 'domain', 'locales', 'package.json']) {
      cpSync(new URL(part, root), path.join(copy, part), { recursive: true });
    }
    symlinkSync(fileURLToPath(new URL('node_modules', root)), path.join(copy, 'node_modules'));
    const folder = path.join(copy, 'locales', 'nl');
    const write = (file: string, texts: object): void =>
      writeFileSync(path.join(folder, file), JSON.stringify(texts));
    const node = (...words: readonly string[]) => {
      const given = { cwd: copy, encoding: 'utf8', timeout: 20_000 } as const;
      const { stdout, stderr, status } = spawnSync(process.execPath, words, given);
      return { said: `${stdout}${stderr}`, status };
    };
    expect(node('bin/locale.ts', 'nl')).toMatchObject({
      said: expect.stringContaining('There is no catalogue nl.') as string,
      status: 1,
    });
    mkdirSync(folder);
    write('about.json', { language: 'Nederlands', reviewedBy: [] });
    write('page.json', { inbox: 'Uw taken', revision: 'Versie {{revision}}' });
    const drafted = node('bin/locale.ts', 'nl');
    expect(drafted.status).toBe(1);
    expect(drafted.said).toMatch(
      /^nl \(Nederlands\): 3 texts, \d+ to mend; drafted, not yet read by a native speaker$/m,
    );
    const [noted = ''] = Object.keys(notes);
    expect(drafted.said).toContain(`  ${noted}: missing — ${notes[noted]}\n`);
    expect(drafted.said).toContain('  page.more: missing\n');
    expect(drafted.said).toContain('  page.revision: filled with other values than in English\n');
    expect(drafted.said).not.toContain(' page.inbox:');
    write('about.json', { language: 'Nederlands', reviewedBy: ['Anna de Vries', 'Jan Smit'] });
    expect(node('bin/locale.ts', 'nl').said).toContain('; read by Anna de Vries, Jan Smit\n');
    const reads = `import { phrase, recipientFor } from './locales/render.ts';
      const reader = recipientFor({ locale: 'nl-BE', zone: 'Europe/Brussels' });
      console.log(reader.locale, phrase('page.inbox', {}, reader));`;
    expect(node('--input-type=module', '-e', reads).said).toBe('nl Uw taken\n');
  } finally {
    rmSync(copy, { recursive: true });
  }
});

test('a kind of message is planned only with words for it, and every one is tested', () => {
  // The one statement that stores messages takes these alone, by type (`PlannedNotice`).
  const storing = ['activities', 'api', 'db'].flatMap((folder) =>
    readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => `${folder}/${name}`)
      .filter((name) =>
        /INTO notice \(|insertInto\('notice'\)/.test(readFileSync(new URL(name, root), 'utf8')),
      ),
  );
  expect(storing).toEqual(['db/loops.ts']);
  expect(messageKinds.toSorted()).toEqual(messageKeys.toSorted());
});

test('what a deadline that moves is told in, and to whom its loop waits for, has words', () => {
  const known = new Set<string>(messageKeys);
  const waits = Object.values(loops).filter(({ plan }) => plan.waiting !== undefined);
  // An alert runs on the clock of its account alone.
  const moving = loopNames.filter((loop) => loop !== 'alert' && taskKinds[loop].length > 0);
  const keys = [
    ...moving.map((loop) => `${loop}.deadline_moved`),
    ...waits.map(({ rules }) => `${rules.loop}.deadline_moved_for`),
  ];
  expect(waits.length).toBeGreaterThan(0);
  expect(keys.filter((key) => !known.has(key))).toEqual([]);
});

test('each finding of the look-ahead asks in words of its own', () => {
  const found = [...english.keys()].filter((key) => key.startsWith('outlook.finding.'));
  const asked = found.map((key) => key.replace('.finding.', '.asked.'));
  expect(asked.filter((key) => !messageKeys.includes(key))).toEqual([]);
  expect(found.length).toBeGreaterThan(5);
});

test('what a translator is told is about a text that there is', () => {
  expect(Object.keys(notes).filter((key) => !english.has(key))).toEqual([]);
});

test('a word that means nothing by itself has a note for whoever translates it', () => {
  const words =
    'about any asks at away comes decides due for from gives gone late lost made none on';
  const unclear = [
    ...words.split(' '),
    ...'others receives since then until what with won'.split(' '),
  ];
  const alone = [...english].filter(
    ([key, text]) => !key.startsWith('glossary.') && unclear.includes(text.toLowerCase()),
  );
  expect(alone.length).toBeGreaterThan(25);
  expect(alone.map(([key]) => key).filter((key) => !Object.hasOwn(notes, key))).toEqual([]);
});

test.for(locales)('in %s a subject ends with the one thing that varies in it', (locale) => {
  const subjects = [...textsOf(locale)].filter(([key]) => key.endsWith('.subject'));
  expect(subjects.length).toBeGreaterThan(15);
  for (const [key, text] of subjects) {
    expect([key, text]).toEqual([key, expect.stringMatching(/^[^{}\n]+\{\{\w+\}\}$/)]);
  }
});

test.for(locales)('in %s no two ways of the navigation have one name', (locale) => {
  const names = [...textsOf(locale)].filter(([key]) => key.startsWith('page.navigation.'));
  expect(new Set(names.map(([, name]) => name)).size).toBe(names.length);
});

test('every problem has a title that needs no values, and a detail', () => {
  const wrong = Object.keys(problems).filter((code) => {
    const title = english.get(`problems.${code}.title`);
    return !title || title.includes('{{') || !english.get(`problems.${code}.detail`);
  });
  expect(wrong).toEqual([]);
  const known = new Set(Object.keys(problems));
  const extra = Object.keys(Object.fromEntries(english))
    .filter((key) => key.startsWith('problems.'))
    .map((key) => key.split('.').slice(1, 3).join('.'))
    .filter((code) => !known.has(code));
  expect(extra).toEqual([]);
});
