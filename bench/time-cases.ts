/** Working time to be added where clocks are hard; every end worked by hand. */
export interface PeerCase {
  readonly name: string;
  /** Of the process too: the peers know the clock of their machine only. */
  readonly zone: string;
  /** Minutes of the day, an end before the start lies in the next; every day, or Monday to Friday. */
  readonly hours: readonly [number, number];
  readonly isDaily: boolean;
  /** On the wall of the zone. */
  readonly from: string;
  readonly hoursToAdd: number;
  readonly end: string;
}

export const cases = [
  {
    name: 'an office week',
    zone: 'Europe/Berlin',
    hours: [540, 1020],
    isDaily: false,
    from: '2026-11-23T09:00:00',
    hoursToAdd: 40,
    end: '2026-11-27T16:00:00.000Z',
  },
  {
    name: 'an office week over a clock change',
    zone: 'America/New_York',
    hours: [540, 1020],
    isDaily: false,
    from: '2027-03-12T09:00:00',
    hoursToAdd: 40,
    end: '2027-03-18T21:00:00.000Z',
  },
  {
    name: 'hours that begin within the hour that is skipped',
    zone: 'Europe/Berlin',
    hours: [150, 630],
    isDaily: true,
    from: '2026-03-27T02:30:00',
    hoursToAdd: 40,
    end: '2026-04-01T01:00:00.000Z',
  },
  {
    name: 'an hour a day, skipped on one',
    zone: 'Europe/Berlin',
    hours: [120, 180],
    isDaily: true,
    from: '2026-03-27T02:00:00',
    hoursToAdd: 4,
    end: '2026-03-31T01:00:00.000Z',
  },
  {
    name: 'midnight to one, on a day that begins at one',
    zone: 'Africa/Cairo',
    hours: [0, 60],
    isDaily: true,
    from: '2026-04-22T00:00:00',
    hoursToAdd: 10,
    end: '2026-05-01T22:00:00.000Z',
  },
  {
    name: 'night shifts',
    zone: 'Europe/Berlin',
    hours: [1320, 360],
    isDaily: true,
    from: '2026-03-27T22:00:00',
    hoursToAdd: 40,
    end: '2026-04-01T21:00:00.000Z',
  },
] as const satisfies readonly PeerCase[];
