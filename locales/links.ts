/** Where a message's button leads: a page that changes nothing by being opened. */
export const taskPath = (loopId: string): string => `/tasks/${loopId}`;

/** The accounts one may see; each has its page under it. */
export const accountsPath = '/portfolio';
export const accountPath = (id: string): string => `${accountsPath}/${id}`;

/** Where practices are looked for; the address of the API is another. */
export const practicesPath = '/library';

/** Whom its reader tells in person that something was called back. */
export const unreachedPath = '/unreached-recalls';

/** Whose mail is off, for whoever can turn it on again. */
export const mailOffPath = '/unreached-mail';

/** Where budget lines are; each has its page under it. */
export const budgetsPath = '/budgets';
export const budgetLinePath = (line: string): string => `${budgetsPath}/${line}`;

/** What regions offer, and the assignments that come of it. */
export const opportunitiesPath = '/placements';
export const opportunityPath = (id: string): string => `${opportunitiesPath}/${id}`;
