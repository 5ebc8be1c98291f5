/** Temporal's zone data shows in when it would act upon a schedule: one that is paused, and removed at once. */
import { Client, Connection, type ConnectionOptions } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { markedAt, markedZones, releaseOf } from './release.ts';

const connectTimeoutMs = 5_000;

export interface TemporalFacts {
  readonly version: string;
  readonly zoneData: string;
}

export async function examineTemporal(
  temporal: { readonly connection: ConnectionOptions; readonly namespace: string },
  now: number,
): Promise<TemporalFacts> {
  const connection = await Connection.connect({
    ...temporal.connection,
    connectTimeout: connectTimeoutMs,
  });
  try {
    const client = new Client({ connection, namespace: temporal.namespace });
    const { serverVersion } = await connection.workflowService.getSystemInfo({});
    const at = markedAt(now);
    const shown = await Promise.all(
      markedZones.map(async (zone) => [zone, await offsetAt(client, zone, at)] as const),
    );
    return {
      version: serverVersion ?? 'unknown',
      zoneData: `${releaseOf(new Map(shown), at)} (by what it shows)`,
    };
  } finally {
    await connection.close();
  }
}

/** When the clocks of the zone show what those of UTC show at `at`. Null: it is no zone there. */
async function offsetAt(client: Client, zone: string, at: number): Promise<number | null> {
  const date = new Date(at);
  const schedule = await client.schedule
    .create({
      scheduleId: `meridian-doctor-${randomUUID()}`,
      spec: {
        timezone: zone,
        calendars: [
          {
            year: date.getUTCFullYear(),
            month: 'JANUARY',
            dayOfMonth: date.getUTCDate(),
            hour: date.getUTCHours(),
          },
        ],
      },
      action: { type: 'startWorkflow', workflowType: 'none', taskQueue: 'none' },
      state: { paused: true, note: 'npm run doctor asks for the zone data of the server' },
    })
    .catch((error: unknown) => {
      if (error instanceof TypeError) return null;
      throw error;
    });
  if (!schedule) return null;
  try {
    const [acts] = (await schedule.describe()).info.nextActionTimes;
    return acts ? at - acts.getTime() : null;
  } finally {
    await schedule.delete();
  }
}
