/** What `refine` finds wrong with a shape, by the sentence of the catalogues that says so. */
const mistake = (code: string) => ({ params: { mistake: { code, values: {} } } });

export const repeated = mistake('repeated');
export const daysReversed = mistake('days_reversed');
export const moreThanWhole = mistake('more_than_whole');
