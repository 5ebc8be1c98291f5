/** What a receiver says who has understood the packet of the story. */
export const readBack = {
  severity: 'important',
  firstAction: 'I send the revised price list.',
  contingency: 'The tender comes early: I call purchasing the same day.',
} as const;
