/** Tells the loops that a change of working time touched; one run for each change. */
export const calendarChangeWorkflow = 'calendarChange';

export const calendarChangeWorkflowId = (change: string): string => `calendarChange:${change}`;

/** Whose build has no worker left ends by itself; the maintenance then starts the telling again. */
export const calendarChangeRunMsMax = 900_000;
