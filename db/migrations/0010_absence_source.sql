-- An absence is kept by whoever entered it: the organisation's file takes back only its own.
ALTER TABLE absence
  ADD COLUMN source text NOT NULL DEFAULT 'directory'
    CHECK (source IN ('directory', 'person', 'calendar')),
  ADD COLUMN entered_by text REFERENCES person,
  ADD COLUMN entered_at timestamptz,
  ADD CHECK ((source = 'directory') = (entered_by IS NULL)),
  ADD CHECK ((entered_by IS NULL) = (entered_at IS NULL));
CREATE INDEX absence_days ON absence (person_id, last_day);
DROP INDEX absence_person;
