-- What somebody was asked for outside their hours: one row for each thing that asked them, however
-- often it is recorded. Points as `bestSlot` counts them, with the calendar they had then.
CREATE TABLE asked_outside (
  loop_id uuid NOT NULL REFERENCES loop_instance,
  sequence int NOT NULL,
  kind text NOT NULL,
  person_id text NOT NULL REFERENCES person,
  at timestamptz NOT NULL,
  outside_minutes int NOT NULL CHECK (outside_minutes > 0),
  rest_minutes int NOT NULL CHECK (rest_minutes >= 0),
  points int NOT NULL CHECK (points >= outside_minutes),
  PRIMARY KEY (loop_id, sequence, kind, person_id)
);
CREATE INDEX asked_outside_person ON asked_outside (person_id, at);

-- Who read back first of those asked last, and the working minutes of theirs that it took since they
-- were asked, counted with the calendar of that day.
ALTER TABLE handoff ADD COLUMN accepted_by text REFERENCES person, ADD COLUMN accept_minutes double precision;
CREATE INDEX handoff_received ON handoff (receiver_id, offered_at);
CREATE INDEX handoff_accepted ON handoff (accepted_by, offered_at) WHERE accepted_by IS NOT NULL;
CREATE INDEX handoff_account ON handoff (account_id, offered_at);
