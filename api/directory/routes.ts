/** Every operation on the directory that only reads; replacing it has a body of its own kind. */
import {
  readCalendarChange,
  readCalendarChangeRoute,
} from '../calendar-changes/read-calendar-change.ts';
import { listAccounts, listAccountsRoute } from './list-accounts.ts';
import { listPeople, listPeopleRoute } from './list-people.ts';
import { readAccount, readAccountRoute } from './read-account.ts';
import { readCustody, readCustodyRoute } from './read-custody.ts';
import { readPerson, readPersonRoute } from './read-person.ts';

export const directoryReads = {
  people: { route: listPeopleRoute, run: listPeople },
  person: { route: readPersonRoute, run: readPerson },
  accounts: { route: listAccountsRoute, run: listAccounts },
  account: { route: readAccountRoute, run: readAccount },
  calendarChange: { route: readCalendarChangeRoute, run: readCalendarChange },
  custody: { route: readCustodyRoute, run: readCustody },
} as const;
