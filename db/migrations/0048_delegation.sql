-- What a delegation covers: every approval, or the steps of one loop alone; and who keeps it. Those of
-- the organisation's file are changed by the file alone, the others by the loop that runs them.
ALTER TABLE delegation
  ADD COLUMN scope text NOT NULL DEFAULT 'all' CHECK (scope ~ '^[a-zA-Z]{1,40}$'),
  ADD COLUMN source text NOT NULL DEFAULT 'directory'
    CHECK (source IN ('directory', 'person', 'manager', 'absence'));
CREATE INDEX delegation_principal ON delegation (principal_id);

-- The loop of each: its beginning and its end are steps of it, kept also when it never began.
CREATE TABLE delegation_run (
  id uuid PRIMARY KEY REFERENCES loop_instance,
  -- Of the row that says who may decide; gone when it was taken back before it began.
  delegation_id text NOT NULL,
  principal_id text NOT NULL REFERENCES person DEFERRABLE INITIALLY DEFERRED,
  delegate_id text NOT NULL REFERENCES person DEFERRABLE INITIALLY DEFERRED,
  scope text NOT NULL,
  source text NOT NULL,
  absence_id text,
  status text NOT NULL,
  ending text,
  begins_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  closed_at timestamptz,
  CHECK (ends_at > begins_at)
);
CREATE INDEX delegation_run_principal ON delegation_run (principal_id, begins_at DESC, id);
CREATE INDEX delegation_run_delegate ON delegation_run (delegate_id, begins_at DESC, id);
CREATE INDEX delegation_run_absence ON delegation_run (absence_id) WHERE absence_id IS NOT NULL;

-- Whose step it is, where somebody else is asked in their place.
ALTER TABLE task ADD COLUMN in_place_of text REFERENCES person;
