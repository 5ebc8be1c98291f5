/** Where clocks did something that breaks arithmetic by the day, and about when. */
export const hardZones: readonly (readonly [zone: string, around: string])[] = [
  ['Africa/Cairo', '2026-04-24'], // midnight skipped
  ['Africa/Casablanca', '2026-02-15'], // clock back for Ramadan
  ['Africa/Casablanca', '2026-03-22'],
  ['Africa/Monrovia', '1972-01-07'], // an offset with seconds ends
  ['America/Asuncion', '2023-10-01'], // midnight skipped
  ['America/Boa_Vista', '2000-10-12'], // two changes within a week
  ['America/Caracas', '2016-05-01'], // half an hour
  ['America/Edmonton', '2026-11-01'],
  ['America/Goose_Bay', '2010-11-07'], // back at one minute past midnight, into the day before
  ['America/Havana', '2026-03-08'], // midnight skipped
  ['America/Metlakatla', '2015-11-01'], // zone and summer time changed at once
  ['America/New_York', '2027-03-14'],
  ['America/Nuuk', '2023-03-25'],
  ['America/Santiago', '2026-09-06'], // midnight skipped
  ['America/Sao_Paulo', '2018-11-04'], // midnight skipped
  ['America/Scoresbysund', '2024-03-31'],
  ['America/St_Johns', '1988-04-03'], // two hours at once
  ['America/Vancouver', '2026-11-01'],
  ['America/Winnipeg', '2026-11-01'],
  ['Antarctica/Casey', '2020-10-04'],
  ['Antarctica/Troll', '2027-03-28'], // two hours
  ['Antarctica/Troll', '2027-10-31'],
  ['Antarctica/Vostok', '2023-12-18'],
  ['Asia/Amman', '2022-10-28'],
  ['Asia/Beirut', '2026-03-29'], // midnight skipped
  ['Asia/Gaza', '2026-03-28'],
  ['Asia/Kathmandu', '1986-01-01'], // a quarter of an hour
  ['Asia/Kolkata', '2026-06-01'],
  ['Asia/Pyongyang', '2018-05-04'],
  ['Asia/Tehran', '2022-03-22'], // midnight skipped
  ['Atlantic/Azores', '2026-03-29'],
  ['Australia/Adelaide', '2026-04-05'],
  ['Australia/Lord_Howe', '2026-04-05'], // half an hour
  ['Australia/Lord_Howe', '2026-10-04'],
  ['Europe/Berlin', '2026-10-25'],
  ['Europe/Dublin', '2026-10-25'],
  ['Europe/Istanbul', '2016-09-07'],
  ['Europe/London', '2027-03-28'],
  ['Europe/Paris', '2026-01-15'], // where two of the engine's windows meet
  ['Europe/Volgograd', '2020-12-27'],
  ['Pacific/Apia', '2011-12-30'], // a day skipped
  ['Pacific/Chatham', '2026-04-05'],
  ['Pacific/Enderbury', '1994-12-31'], // a day skipped
  ['Pacific/Kwajalein', '1993-08-21'], // a day skipped
  ['Pacific/Norfolk', '2019-10-06'],
];
