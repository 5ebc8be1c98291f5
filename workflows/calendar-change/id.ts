/** Tells the loops that a change of working time touched; one run for each change. */
export const calendarChangeWorkflow = 'calendarChange';

export const calendarChangeWorkflowId = (change: string): string => `calendarChange:${change}`;
