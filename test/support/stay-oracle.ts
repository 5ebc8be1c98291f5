/** Days of stay by a calendar of single days, looked back over one by one: shares nothing with the product. */
interface Days {
  readonly firstDay: number;
  readonly lastDay: number;
}

/** The most days of any 180 that end with a day spent from the plan on, and the first that is over 90. */
export function walkedStays(others: readonly Days[], planned: Days) {
  const spent = new Set<number>();
  for (const { firstDay, lastDay } of [...others, planned]) {
    for (let day = firstDay; day <= lastDay; day++) spent.add(day);
  }
  let [days, firstOver]: [number, number | null] = [0, null];
  for (let day = planned.firstDay; day < planned.lastDay + 180; day++) {
    if (!spent.has(day)) continue;
    let count = 0;
    for (let back = 0; back < 180; back++) if (spent.has(day - back)) count++;
    days = Math.max(days, count);
    if (count > 90 && firstOver === null) firstOver = day;
  }
  return { days, firstOver };
}
