/** Where a message's button leads: a page that changes nothing by being opened. */
export const taskPath = (loopId: string): string => `/tasks/${loopId}`;

/** Where practices are looked for. */
export const practicesPath = '/practices';
