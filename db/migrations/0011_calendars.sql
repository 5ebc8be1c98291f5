-- Everything a calendar can say beside a week: weeks in turn, parts of days off, days of their own.
ALTER TABLE working_week
  -- A day off drops the shifts that begin on it, or frees the wall day itself.
  ADD COLUMN holiday_rule text NOT NULL DEFAULT 'shift' CHECK (holiday_rule IN ('shift', 'day'));

ALTER TABLE holiday
  -- Whose hours a working day has; null: its own weekday's, or those of the nearest earlier that has any.
  ADD COLUMN like_weekday text
    CHECK (like_weekday IN ('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun')),
  ADD CHECK (like_weekday IS NULL OR kind = 'working');

ALTER TABLE absence
  -- Minutes of one wall day; null for whole days.
  ADD COLUMN from_minute int CHECK (from_minute BETWEEN 0 AND 1439),
  ADD COLUMN until_minute int CHECK (until_minute <= 2880),
  ADD CHECK ((from_minute IS NULL) = (until_minute IS NULL)),
  ADD CHECK (from_minute < until_minute),
  ADD CHECK (from_minute IS NULL OR first_day = last_day);

-- Other weeks than the usual one, one or several in turn; the first is the week that holds first_day.
-- Of a person, or of everybody in a region without a week or roster of their own.
CREATE TABLE roster (
  id text PRIMARY KEY,
  person_id text REFERENCES person DEFERRABLE INITIALLY DEFERRED,
  region_id text REFERENCES region DEFERRABLE INITIALLY DEFERRED,
  first_day date NOT NULL,
  last_day date,
  weeks text[] NOT NULL CHECK (cardinality(weeks) BETWEEN 1 AND 12),
  CHECK (num_nonnulls(person_id, region_id) = 1),
  CHECK (last_day >= first_day),
  EXCLUDE USING gist (person_id WITH =, daterange(first_day, last_day, '[]') WITH &&)
    DEFERRABLE INITIALLY DEFERRED,
  EXCLUDE USING gist (region_id WITH =, daterange(first_day, last_day, '[]') WITH &&)
    DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX roster_person ON roster (person_id);
CREATE INDEX roster_region ON roster (region_id);

-- Exactly these hours begin on that day, whatever else is said of it.
CREATE TABLE one_off (
  id text PRIMARY KEY,
  person_id text NOT NULL REFERENCES person DEFERRABLE INITIALLY DEFERRED,
  day date NOT NULL,
  intervals jsonb NOT NULL,
  UNIQUE (person_id, day) DEFERRABLE INITIALLY DEFERRED
);
