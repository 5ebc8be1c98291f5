/** A field that asks for a time on a wall clock: whose it is stands beside it. */
import { html } from 'hono/html';
import { dayNumber } from '../domain/time/calendar.ts';
import { atWall } from '../domain/time/wall.ts';
import type { Html } from './html.ts';

interface WallField {
  /** Where a page has several forms. */
  readonly id?: string;
  readonly name: string;
  readonly label: Html;
  readonly zone: string;
  readonly kept: string;
  readonly isRequired?: boolean;
}

export const wallField = ({
  name,
  id = name,
  label,
  zone,
  kept,
  isRequired = false,
}: WallField): Html =>
  html`<label for="${id}">${label} (<bdi>${zone}</bdi>)</label>
    <input
      id="${id}"
      name="${name}"
      type="datetime-local"
      value="${kept}"
      ${isRequired ? html`required` : ''}
    />`;

/** `2026-12-01T09:00` on the clocks of the zone; whatever is no such time is told as it was sent. */
export function onClock(sent: string, zone: string): string {
  const [, date = '', hours = '', minutes = ''] =
    /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):([0-5]\d)$/.exec(sent) ?? [];
  const day = date === '' ? null : dayNumber(date);
  if (day === null) return sent;
  const found = atWall(zone, { day, minute: Number(hours) * 60 + Number(minutes) });
  return 'at' in found ? new Date(found.at).toISOString() : sent;
}
