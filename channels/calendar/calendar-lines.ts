/** The lines of an iCalendar file, looked at before anything is made of them, so that a fault has a place. */

/** `line` counts from 1; of an event, it is where the event begins. */
export interface Unreadable {
  readonly fault: 'malformed' | 'event' | 'too many';
  readonly line: number;
}

/** `NAME;PARAM=…:value`, a line after folding (RFC 5545, 3.1). */
const contentLine = /^[A-Z0-9-]+(?:;[^:]*(?:"[^"]*"[^:]*)*)?:/i;
const boundary = /^(BEGIN|END):([A-Z0-9-]+)\s*$/i;
const depthMax = 10;

/** Where each VEVENT begins, in order, or the first line that fits no iCalendar. */
export function eventLines(text: string): readonly number[] | Unreadable {
  const open: { readonly name: string; readonly line: number }[] = [];
  const events: number[] = [];
  let isAnyCalendar = false;
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    const line = index + 1;
    const isFolded = raw.startsWith(' ') || raw.startsWith('\t');
    if (raw.trim() === '' || (isFolded && open.length > 0)) continue;
    const [, verb, given] = boundary.exec(raw) ?? [];
    const name = given?.toUpperCase();
    const fits = contentLine.test(raw) && (open.length > 0 || name === 'VCALENDAR');
    if (!fits) return { fault: 'malformed', line };
    if (verb?.toUpperCase() === 'BEGIN' && name !== undefined) {
      if (open.length >= depthMax) return { fault: 'malformed', line };
      open.push({ name, line });
      isAnyCalendar = true;
      if (name === 'VEVENT') events.push(line);
    } else if (verb && open.pop()?.name !== name) return { fault: 'malformed', line };
  }
  const [unclosed] = open;
  if (unclosed) return { fault: 'malformed', line: unclosed.line };
  return isAnyCalendar ? events : { fault: 'malformed', line: 1 };
}
