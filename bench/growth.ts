/**
 * How long it takes to rank people for what hosts offer (calendars opened, 90 days of hours written
 * out, every pair compared and sorted), and what a skill audit of a large region takes of Postgres.
 * `--keep` writes the result to docs/bench/growth.md.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { type Offer, rankSeekers, type Seeker } from '../domain/assignment/matching.ts';
import type { PersonId, RegionId } from '../domain/id.ts';
import { competencies } from '../domain/people/competency.ts';
import type { MinuteInterval, WorkingCalendar } from '../domain/time/calendar.ts';
import { auditTimes, audits } from './growth-stage.ts';
import { openCalendar } from '../domain/time/working-time.ts';

const [people, opportunities, rounds] = [2_000, 200, 9] as const;
const dayMs = 86_400_000;
const from = Date.UTC(2027, 0, 4);
const days = 90;
const range = { from, until: from + days * dayMs };
const secondsAsked = 2;
const zones = [
  'Europe/Berlin',
  'Asia/Tokyo',
  'America/Sao_Paulo',
  'Asia/Kolkata',
  'America/New_York',
  'Australia/Sydney',
  'Europe/London',
  'Asia/Seoul',
] as const;
const pick = <T>(all: readonly T[], index: number): T => all[index % all.length] as T;
const regionOf = (index: number): RegionId => pick(zones, index).toLowerCase() as RegionId;

/** Everybody with hours and days off of their own, so that no two share a timetable. */
function calendarOf(index: number): WorkingCalendar {
  const start = 420 + (index % 16) * 15;
  const hours: readonly MinuteInterval[] = [[start, start + 480 + (index % 3) * 15]];
  const week = { mon: hours, tue: hours, wed: hours, thu: hours, fri: hours, sat: [], sun: [] };
  const off = new Date(from + (index % days) * dayMs).toISOString().slice(0, 10);
  const absences = [{ firstDay: off, lastDay: off }];
  return { zone: pick(zones, index), week, days: [], absences, revision: index };
}

function workOf(index: number): Float64Array {
  const work = openCalendar(calendarOf(index)).stretches(range);
  if ('reason' in work) throw new Error('within what is known');
  return work;
}

const seekerOf = (index: number): Seeker => ({
  id: `person-${index}` as PersonId,
  region: regionOf(index),
  languages: [pick(['de', 'ja', 'pt-BR', 'hi', 'en'], index)],
  gaps: index % 3 === 0 ? [{ competency: pick(competencies, index), level: 'advanced' }] : [],
  work: workOf(index),
});

const offerOf = (index: number): Offer => ({
  hostRegion: regionOf(index),
  homeRegions: [...new Set(zones.map((_, zone) => regionOf(zone)))],
  goals: [{ competency: pick(competencies, index), level: 'advanced' }],
  languages: ['en', pick(['de', 'ja'], index)],
  overlapHours: index % 6,
  weeks: days / 7,
  work: workOf(people + index),
});

let found = 0;

function match(): number {
  const startedAt = performance.now();
  const seekers = Array.from({ length: people }, (_, index) => seekerOf(index));
  const ledger = new Map([[regionOf(0), 12]]);
  found = 0;
  for (let index = 0; index < opportunities; index++) {
    found += rankSeekers(offerOf(index), seekers, { ledger, limit: 50 }).length;
  }
  return (performance.now() - startedAt) / 1_000;
}

const load = loadavg()[0]?.toFixed(1);
const cold = match();
const seconds = Array.from({ length: rounds }, match).toSorted((a, b) => a - b);
const at = (share: number): number => seconds[Math.round((rounds - 1) * share)] ?? Number.NaN;
const worst = Math.max(cold, at(1));
const audited = await auditTimes();
const worstOf = (name: 'total' | 'cpu'): number => Math.max(...audited.map((times) => times[name]));
const reached = (most: number): string =>
  most <= audits.millisecondsAsked ? 'reached in every round' : 'not reached in every round';
const auditRow = (name: 'opens' | 'closes' | 'shows' | 'total' | 'cpu'): string => {
  const sorted = audited.map((times) => times[name]).toSorted((a, b) => a - b);
  const shown = [sorted[sorted.length >> 1], sorted[0], sorted.at(-1)];
  return shown.map((ms) => (ms ?? Number.NaN).toFixed(0)).join(' | ');
};

const page = `# Growth

\`npm run bench:growth -- --keep\` writes this page.

${new Date().toISOString().slice(0, 10)}, ${cpus()[0]?.model.trim() ?? 'unknown'} × ${cpus().length}, load ${load} before; node ${process.versions.node}, ICU ${process.versions.icu}.

## Matching

${people} people against ${opportunities} opportunities, each with a calendar of
their own: the hours of ${days} days are written out, every pair is compared, and the best 50 of each are kept. One process
on one core, without a database.

| n | suggestions | first, cold s | median s | least s | most s |
|---|---|---|---|---|---|
| ${[rounds, found, cold.toFixed(2), at(0.5).toFixed(2), at(0).toFixed(2), at(1).toFixed(2)].join(' | ')} |

Asked for: at most ${secondsAsked} s, ${worst <= secondsAsked ? 'reached in every round' : 'not reached in every round'}.

## A skill audit

${audits.people} people of ${audits.teams} teams, nine competencies asked of each and rated four times each: ${audits.ratings} ratings. A Postgres of
its own on the same disk, one statement after the other. It opens with who is rated by whom and against what; it closes with
everybody’s levels and gaps; the heat map and the first hundred gaps are what its page shows.

| ${audits.rounds} audits | median ms | least ms | most ms |
|---|---|---|---|
| opens | ${auditRow('opens')} |
| closes | ${auditRow('closes')} |
| shows | ${auditRow('shows')} |
| all of it | ${auditRow('total')} |
| processor time of Postgres for it | ${auditRow('cpu')} |

Gaps found: ${audits.gaps()}. Asked for: at most ${audits.millisecondsAsked} ms of SQL: by the clock ${reached(worstOf('total'))}, by the processor ${reached(worstOf('cpu'))}. A machine that
has more to do than processors stretches the clock, and hardly the processor.
`;
process.stdout.write(page);
if (process.argv.includes('--keep')) {
  mkdirSync('docs/bench', { recursive: true });
  writeFileSync('docs/bench/growth.md', page);
}
