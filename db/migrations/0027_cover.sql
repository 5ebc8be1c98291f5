-- What somebody is trained for, and which languages they work in beside their own.
ALTER TABLE person
  ADD COLUMN products text[] NOT NULL DEFAULT '{}',
  ADD COLUMN languages text[] NOT NULL DEFAULT '{}';

-- The cover's read model; the truth is its transitions.
CREATE TABLE cover (
  id uuid PRIMARY KEY REFERENCES loop_instance,
  account_id text NOT NULL REFERENCES account,
  owner_id text NOT NULL REFERENCES person,
  asker_id text REFERENCES person,
  taker_id text REFERENCES person,
  status text NOT NULL,
  reason text NOT NULL,
  period tstzrange NOT NULL CHECK (NOT isempty(period)),
  -- The absence that asked for it.
  absence_id text,
  note_id uuid REFERENCES content,
  hand_back_id uuid REFERENCES content,
  asked_at timestamptz NOT NULL,
  closed_at timestamptz,
  -- An account is covered by at most one person at an instant.
  CONSTRAINT cover_one_at_a_time EXCLUDE USING gist (account_id WITH =, period WITH &&)
    WHERE (closed_at IS NULL)
);
CREATE INDEX cover_list ON cover (account_id, asked_at DESC);

-- Why each was asked, as it was when they were: codes with sentences in the catalogues. Written before
-- the step that asks them, as texts are.
CREATE TABLE cover_candidate (
  cover_id uuid NOT NULL,
  person_id text NOT NULL REFERENCES person,
  rank int NOT NULL,
  reasons jsonb NOT NULL,
  found_at timestamptz NOT NULL,
  PRIMARY KEY (cover_id, person_id)
);
