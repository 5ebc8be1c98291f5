/** People: what identifies them, whom they report to, and what they may do by office. */
import { roles } from '../people/role.ts';
import {
  type Check,
  checkIds,
  checkLocale,
  checkOneOf,
  checkReference,
  checkZone,
  error,
  warn,
} from './checking.ts';
import type { DirectoryPerson, Row } from './directory.ts';
import { foldings } from './fold.ts';
import { parseGrant } from './grant.ts';

export function checkPeople(check: Check): void {
  const { people } = check.directory;
  checkIds(check, people);
  for (const row of people) checkPerson(check, row);
  checkSharedEmails(check);
}

function checkPerson(check: Check, { path, value: person }: Row<DirectoryPerson>): void {
  if (revealsName(person.id, person.name)) error(check, `${path}.id`, 'id_reveals_name');
  if (!isEmail(person.email)) error(check, `${path}.email`, 'email_invalid');
  checkLocale(check, `${path}.locale`, person.locale);
  for (const [index, language] of (person.languages ?? []).entries()) {
    checkLocale(check, `${path}.languages[${index}]`, language);
  }
  checkZone(check, `${path}.zone`, person.zone);
  checkReference(check, 'regions', { path: `${path}.region`, id: person.region });
  checkReference(check, 'teams', { path: `${path}.team`, id: person.team });
  checkReference(check, 'weeks', { path: `${path}.week`, id: person.week });
  checkReference(check, 'people', { path: `${path}.manager`, id: person.manager });
  checkReference(check, 'people', { path: `${path}.backup`, id: person.backup });
  if (person.manager === person.id) error(check, `${path}.manager`, 'own_manager');
  if (person.backup === person.id) error(check, `${path}.backup`, 'own_backup');
}

const nameWordLettersMin = 3;
/** A word this long is found inside a longer part too, as in `yamamoto1`. */
const hiddenWordLettersMin = 5;

/** Ids stay in logs and workflow histories after a person's name is erased, so they must not hold it. */
function revealsName(id: string, name: string): boolean {
  const segments = id.split('-');
  return foldedWords(name).some(
    (word) =>
      word.length >= nameWordLettersMin &&
      (segments.includes(word) ||
        (word.length >= hiddenWordLettersMin && segments.some((part) => part.includes(word)))),
  );
}

const foldedWords = (name: string): readonly string[] =>
  foldings(name).flatMap((text) => text.split(/[^a-z0-9]+/));

const emailLettersMax = 254;
/** One plain address: nothing that a header or a list of recipients could be made of. */
const emailPattern =
  /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+$/i;

const isEmail = (text: string): boolean =>
  text.length <= emailLettersMax && emailPattern.test(text) && !text.includes('..');

/** A shared mailbox is allowed, but more often it is a slip. */
function checkSharedEmails(check: Check): void {
  const firstPaths = new Map<string, string>();
  for (const { path, value } of check.directory.people) {
    const email = value.email.toLowerCase();
    const first = firstPaths.get(email);
    if (first === undefined) firstPaths.set(email, path);
    else warn(check, `${path}.email`, 'email_shared', { first });
  }
}

/** Each cycle once, at the first of its members in the file. One's own manager is told elsewhere. */
export function checkLines(check: Check): void {
  const rows = new Map(check.directory.people.map((row) => [row.value.id, row]));
  const settled = new Set<string>();
  for (const { value: person } of check.directory.people) {
    const walked: string[] = [];
    let next: string | undefined = person.id;
    while (next !== undefined && !settled.has(next) && !walked.includes(next)) {
      walked.push(next);
      next = rows.get(next)?.value.manager;
    }
    const cycle = next === undefined ? [] : walked.slice(walked.indexOf(next));
    if (next !== undefined && walked.includes(next) && cycle.length > 1) {
      const path = rows.get(next)?.path ?? next;
      error(check, `${path}.manager`, 'manager_cycle', { people: [...cycle, next].join(' → ') });
    }
    for (const id of walked) settled.add(id);
  }
}

/** What a member of another company may hold. */
const partnerRoles: readonly string[] = ['member', 'account-lead'];

export function checkOffices(check: Check): void {
  const partnerTeams = new Set(
    check.directory.teams.filter((row) => row.value.kind === 'partner').map((row) => row.value.id),
  );
  const held = new Set<string>();
  for (const { path, value: person } of check.directory.people) {
    for (const [index, text] of person.roles.entries()) {
      const at = `${path}.roles[${index}]`;
      const { role, region } = parseGrant(text);
      checkOneOf(check, { path: at, value: role, code: 'role_unknown' }, roles);
      checkReference(check, 'regions', { path: at, id: region });
      if (person.roles.indexOf(text) < index) {
        const first = `${path}.roles[${person.roles.indexOf(text)}]`;
        error(check, at, 'duplicate', { value: text, first });
      }
      if (partnerTeams.has(person.team) && !partnerRoles.includes(role)) {
        error(check, at, 'role_not_for_partner', { role });
      }
      if (region === undefined) held.add(role);
    }
  }
  if (!held.has('admin')) warn(check, 'people', 'no_admin');
  if (!held.has('operator')) warn(check, 'people', 'no_operator');
}
