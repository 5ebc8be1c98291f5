/** A partner team is another company's: its people see what they take part in, not the organisation. */
export const teamKinds = ['own', 'partner'] as const;
export type TeamKind = (typeof teamKinds)[number];
