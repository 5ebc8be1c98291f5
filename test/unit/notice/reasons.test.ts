import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { textsOf } from '../../../locales/checks.ts';

/** Whatever writes to a message or plans one; a webhook and a digest have reasons of their own. */
const files = ['db', 'activities', 'domain/notice', 'api/mail'].flatMap((folder) =>
  readdirSync(folder, { encoding: 'utf8' })
    .map((file) => path.join(folder, file))
    .filter((file) =>
      /^(?!.*(?:webhook|budget|practice|holiday|change|take-report)).*\.ts$/.test(file),
    ),
);
/** Of source that sets one: `reason: 'x'`, `reason = 'x'`, `why: 'x'`, one of two, and `code: 'x'` of a wait. */
const given = files.flatMap((file) => {
  // Why a calendar is read again, or a channel is off, is not the reason of a message.
  const source = readFileSync(file, 'utf8').replaceAll(
    /recordCalendarChange\([^)]*\)|const off = \{[^}]*\}/g,
    '',
  );
  if (!/\bnotices?\b|\bWaiting\b|Limit/.test(source)) return [];
  const set = /\b(?:reason|why)(?::| =) (?:[\w.]+ \? '([a-z_]+)' : )?'([a-z_]+)'/g;
  return [...source.matchAll(set)].flatMap(([, ...codes]) =>
    codes.filter((code) => code !== undefined).map((code) => ({ file, code })),
  );
});
const waiting = readFileSync('domain/notice/send-time.ts', 'utf8');
const waits = [...waiting.matchAll(/code: '([a-z_]+)'/g)].map(([, code]) => ({
  file: 'domain/notice/send-time.ts',
  code,
}));

test('whatever holds a message back, silences it or sends it another way has a sentence that says so', () => {
  const codes = new Set([...given, ...waits].map(({ code }) => code));
  for (const code of ['settled', 'superseded', 'rerouted', 'paused', 'no_channel', 'gave_up']) {
    expect(codes).toContain(code);
  }
  const texts = textsOf('en');
  const ofDigests = ['nothing_new', 'late'];
  const silent = [...given, ...waits].filter(
    ({ code = '' }) => !texts.has(`reason.${code}`) && !ofDigests.includes(code),
  );
  expect(silent).toEqual([]);
});
