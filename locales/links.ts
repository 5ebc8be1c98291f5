/** Where a message's button leads: a page that changes nothing by being opened. */
export const taskPath = (loopId: string): string => `/tasks/${loopId}`;

/** Where practices are looked for; the address of the API is another. */
export const practicesPath = '/library';
