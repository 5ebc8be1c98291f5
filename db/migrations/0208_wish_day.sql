-- Up to which day of its wall each region's wishes were planned with: whoever ticks on a later one plans anew
-- those for whom a policy has begun since.
CREATE TABLE digest_wish_day (
  region_id text PRIMARY KEY REFERENCES region,
  day date NOT NULL
);
