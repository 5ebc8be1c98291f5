-- Who is to hold an account on, and until when by the plan: settled when it goes on, or the plan does,
-- with what was more or less than planned beside what the ledger has.
CREATE TABLE standby (
  loop_id uuid NOT NULL REFERENCES loop_instance,
  sequence int NOT NULL,
  account_id text NOT NULL REFERENCES account,
  person_id text NOT NULL REFERENCES person,
  begins_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL CHECK (ends_at > begins_at),
  settled_at timestamptz,
  PRIMARY KEY (loop_id, sequence)
);
CREATE INDEX standby_open ON standby (account_id) WHERE settled_at IS NULL;

-- What is corrected stays, and its correction is a row of its own, which may take away.
ALTER TABLE asked_outside DROP CONSTRAINT asked_outside_outside_minutes_check;
ALTER TABLE asked_outside DROP CONSTRAINT asked_outside_rest_minutes_check;
ALTER TABLE asked_outside DROP CONSTRAINT asked_outside_check;
ALTER TABLE asked_outside ADD CONSTRAINT asked_outside_counted CHECK (kind LIKE '%.corrected'
  OR (outside_minutes > 0 AND rest_minutes >= 0 AND points >= outside_minutes));
