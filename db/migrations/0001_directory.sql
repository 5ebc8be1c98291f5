-- The organisation: who works where, when, in which language, and for whom they may decide.
CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE TABLE region (
  id text PRIMARY KEY,
  name text NOT NULL,
  locale text NOT NULL,
  zone text NOT NULL,
  manager_id text NOT NULL,
  week_id text NOT NULL
);

-- Weekly hours: { "mon": [[540, 1020]], … }, minutes of the wall day, up to 2880 for a night shift.
CREATE TABLE working_week (
  id text PRIMARY KEY,
  intervals jsonb NOT NULL
);

CREATE TABLE team (
  id text PRIMARY KEY,
  name text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('own', 'partner')),
  region_id text NOT NULL REFERENCES region DEFERRABLE INITIALLY DEFERRED
);

CREATE TABLE person (
  id text PRIMARY KEY,
  name text NOT NULL,
  email text NOT NULL,
  locale text,
  zone text NOT NULL,
  region_id text NOT NULL REFERENCES region DEFERRABLE INITIALLY DEFERRED,
  team_id text NOT NULL REFERENCES team DEFERRABLE INITIALLY DEFERRED,
  manager_id text REFERENCES person DEFERRABLE INITIALLY DEFERRED,
  -- Who is asked next when this person stays silent.
  backup_id text REFERENCES person DEFERRABLE INITIALLY DEFERRED,
  -- Null: the week of the region.
  week_id text REFERENCES working_week DEFERRABLE INITIALLY DEFERRED,
  left_at timestamptz,
  CHECK (manager_id <> id),
  CHECK (backup_id <> id)
);
ALTER TABLE region ADD FOREIGN KEY (manager_id) REFERENCES person DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE region ADD FOREIGN KEY (week_id) REFERENCES working_week DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX person_manager ON person (manager_id);
CREATE INDEX person_region ON person (region_id);

-- A role counts everywhere, or in one region.
CREATE TABLE person_role (
  person_id text NOT NULL REFERENCES person DEFERRABLE INITIALLY DEFERRED,
  role text NOT NULL,
  region_id text REFERENCES region DEFERRABLE INITIALLY DEFERRED,
  UNIQUE NULLS NOT DISTINCT (person_id, role, region_id)
);

-- Whoever signs in at (issuer, subject) is this person; never by an e-mail claim.
CREATE TABLE identity (
  issuer text NOT NULL,
  subject text NOT NULL,
  person_id text NOT NULL REFERENCES person,
  PRIMARY KEY (issuer, subject)
);
CREATE INDEX identity_person ON identity (person_id);

CREATE TABLE holiday (
  region_id text NOT NULL REFERENCES region DEFERRABLE INITIALLY DEFERRED,
  day date NOT NULL,
  kind text NOT NULL CHECK (kind IN ('off', 'half', 'working')),
  -- Minute of the wall day at which a half day ends.
  half_until_minute int CHECK (half_until_minute BETWEEN 0 AND 1440),
  name text NOT NULL,
  source text NOT NULL,
  status text NOT NULL CHECK (status IN ('confirmed', 'provisional')),
  fetched_at timestamptz,
  PRIMARY KEY (region_id, day),
  CHECK ((kind = 'half') = (half_until_minute IS NOT NULL))
);

CREATE TABLE absence (
  id text PRIMARY KEY,
  person_id text NOT NULL REFERENCES person DEFERRABLE INITIALLY DEFERRED,
  -- Full local days, both ends included.
  first_day date NOT NULL,
  last_day date NOT NULL,
  CHECK (last_day >= first_day)
);
CREATE INDEX absence_person ON absence (person_id);

-- `delegate` may decide for `principal` while the period lasts.
CREATE TABLE delegation (
  id text PRIMARY KEY,
  principal_id text NOT NULL REFERENCES person DEFERRABLE INITIALLY DEFERRED,
  delegate_id text NOT NULL REFERENCES person DEFERRABLE INITIALLY DEFERRED,
  period tstzrange NOT NULL CHECK (NOT isempty(period)),
  CHECK (principal_id <> delegate_id)
);
CREATE INDEX delegation_delegate ON delegation (delegate_id);

-- Dated values of a rule, for a region or (null) for all; the latest that has begun counts.
CREATE TABLE policy (
  key text NOT NULL,
  region_id text REFERENCES region DEFERRABLE INITIALLY DEFERRED,
  valid_from date NOT NULL,
  value jsonb NOT NULL,
  UNIQUE NULLS NOT DISTINCT (key, region_id, valid_from)
);

CREATE TABLE account (
  id text PRIMARY KEY,
  name text NOT NULL,
  team_id text NOT NULL REFERENCES team DEFERRABLE INITIALLY DEFERRED,
  products text[] NOT NULL,
  countries text[] NOT NULL,
  -- [{ "name": "Osaka", "zone": "Asia/Tokyo" }, …]; the first is the site that deadlines are shown for.
  sites jsonb NOT NULL CHECK (jsonb_array_length(sites) > 0)
);

-- One row a person: raised by whatever changes when they work or whether they are there, and held
-- FOR SHARE by every transition planned with it, so that no change slips between plan and commit.
CREATE TABLE calendar_revision (
  person_id text PRIMARY KEY REFERENCES person,
  revision int NOT NULL DEFAULT 1
);

CREATE TABLE calendar_change (
  id uuid PRIMARY KEY,
  reason text NOT NULL,
  people text[] NOT NULL,
  at timestamptz NOT NULL,
  -- When every open loop it touches had been told.
  announced_at timestamptz
);
CREATE INDEX calendar_change_open ON calendar_change (at) WHERE announced_at IS NULL;
