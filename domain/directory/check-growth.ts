/** What is asked of roles, what can be observed at each level, and what was attained of quotas. */
import { competencies } from '../people/competency.ts';
import { competencyLevels } from '../people/competency-level.ts';
import { roles } from '../people/role.ts';
import {
  type Check,
  checkLocale,
  checkOneOf,
  checkReference,
  checkUnique,
  error,
} from './checking.ts';
import { checkDay } from './check-hours.ts';

export function checkTargets(check: Check): void {
  const targets = check.directory.targetProfiles ?? [];
  for (const { path, value } of targets) {
    checkOneOf(check, { path: `${path}.role`, value: value.role, code: 'role_unknown' }, roles);
    checkReference(check, 'regions', { path: `${path}.region`, id: value.region });
    checkDay(check, `${path}.validFrom`, value.validFrom);
  }
  checkUnique(check, targets, {
    key: ({ role, region, validFrom, competency }) =>
      [role, region ?? '*', validFrom, competency].join(' '),
  });
}

/** What whoever reads another language is shown where theirs is missing. */
const fallback = 'en';

/** A version is whole in the language that stands in for every other. */
export function checkDescriptors(check: Check): void {
  const descriptors = check.directory.descriptors ?? [];
  for (const { path, value } of descriptors) {
    checkDay(check, `${path}.validFrom`, value.validFrom);
    checkLocale(check, `${path}.locale`, value.locale);
  }
  const keyOf = (...parts: readonly string[]): string => parts.join(' ');
  checkUnique(check, descriptors, {
    key: ({ validFrom, competency, level, locale }) => keyOf(validFrom, competency, level, locale),
  });
  const versions = Map.groupBy(descriptors, ({ value }) => value.validFrom);
  for (const [day, rows] of versions) {
    const there = new Set(
      rows
        .filter(({ value }) => value.locale === fallback)
        .map(({ value }) => keyOf(value.competency, value.level)),
    );
    for (const competency of competencies) {
      for (const level of competencyLevels) {
        if (there.has(keyOf(competency, level))) continue;
        const params = { day, competency, level, locale: fallback };
        error(check, rows[0]?.path ?? 'descriptors', 'descriptor_missing', params);
      }
    }
  }
}

const quarterPattern = /^20[0-9]{2}-Q[1-4]$/;
const percentMax = 1_000;

export function checkQuotas(check: Check): void {
  const quotas = check.directory.quotas ?? [];
  for (const { path, value } of quotas) {
    const { person, quarter, percent } = value;
    checkReference(check, 'people', { path: `${path}.person`, id: person });
    if (!quarterPattern.test(quarter)) {
      error(check, `${path}.quarter`, 'quarter_invalid', { value: quarter });
    }
    if (!Number.isInteger(percent) || percent < 0 || percent > percentMax) {
      error(check, `${path}.percent`, 'percent_invalid', { value: percent, max: percentMax });
    }
  }
  checkUnique(check, quotas, { key: ({ person, quarter }) => `${person} ${quarter}` });
}
