-- How somebody wants to be reached. No row: as the policy of their region says.
CREATE TABLE preference (
  person_id text PRIMARY KEY REFERENCES person,
  -- In order, tried one after the other; null: the region's.
  channels text[] CHECK (cardinality(channels) BETWEEN 1 AND 8),
  -- Minutes of the person's wall day, [from, until), past midnight when until is the smaller one.
  quiet_from int CHECK (quiet_from BETWEEN 0 AND 1439),
  quiet_until int CHECK (quiet_until BETWEEN 0 AND 1439),
  digest_every text CHECK (digest_every IN ('never', 'day', 'week', 'fortnight', 'month')),
  -- 1 Monday … 7 Sunday (ISO 8601); the minute is of the wall day.
  digest_weekday int CHECK (digest_weekday BETWEEN 1 AND 7),
  digest_minute int CHECK (digest_minute BETWEEN 0 AND 1439),
  hour_cycle text CHECK (hour_cycle IN ('h12', 'h23')),
  revision int NOT NULL DEFAULT 1,
  changed_at timestamptz NOT NULL,
  CHECK ((quiet_from IS NULL) = (quiet_until IS NULL)),
  CHECK (quiet_from <> quiet_until)
);

-- Where somebody is reached on a channel whose address is not in the directory: a chat's incoming
-- webhook, which is a secret.
CREATE TABLE contact (
  person_id text NOT NULL REFERENCES person,
  channel text NOT NULL,
  address text NOT NULL,
  PRIMARY KEY (person_id, channel)
);

-- A channel that does not reach somebody: nothing is sent there until the address changes or is
-- confirmed again.
CREATE TABLE channel_off (
  person_id text NOT NULL REFERENCES person,
  channel text NOT NULL,
  reason text NOT NULL,
  -- A hash of the address it was: another one is tried again.
  address_hash bytea NOT NULL,
  since timestamptz NOT NULL,
  PRIMARY KEY (person_id, channel)
);

-- A provider that fails for everybody rests; messages wait and keep their tries.
CREATE TABLE channel_pause (
  channel text PRIMARY KEY,
  until timestamptz NOT NULL,
  reason text NOT NULL,
  since timestamptz NOT NULL
);

-- Not every message comes from a loop: a bounced mail is told to a manager, a held reply to its author.
ALTER TABLE notice ALTER COLUMN loop_id DROP NOT NULL, ALTER COLUMN sequence DROP NOT NULL;
ALTER TABLE notice
  -- What the reason's sentence needs: instants, days, ids; never text people wrote.
  ADD COLUMN reason_params jsonb NOT NULL DEFAULT '{}',
  -- Sent within this other message, whose bytes hold both.
  ADD COLUMN bundled_in uuid REFERENCES notice;
CREATE INDEX notice_recipient ON notice (recipient_id, send_at);
CREATE INDEX notice_bundle ON notice (bundled_in) WHERE bundled_in IS NOT NULL;

-- What became of a message, in order: each delay, detour and end with its reason.
CREATE TABLE notice_event (
  notice_id uuid NOT NULL REFERENCES notice,
  number int NOT NULL,
  at timestamptz NOT NULL,
  what text NOT NULL CHECK (what IN
    ('planned', 'delayed', 'bundled', 'rerouted', 'tried', 'sent', 'cancelled', 'superseded', 'failed', 'retried', 'dropped')),
  channel text NOT NULL,
  reason text,
  params jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (notice_id, number)
);
