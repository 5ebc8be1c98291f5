-- Which practice a lesson became. An assignment's lesson has named it since it was there.
ALTER TABLE lesson_offer ADD COLUMN practice_id uuid;

-- The practice that the first message of a handoff or an assignment offers its reader: written in the
-- transaction that freezes the bytes, and asked again before each try.
CREATE TABLE practice_offer (
  notice_id uuid PRIMARY KEY REFERENCES notice,
  practice_id uuid NOT NULL REFERENCES practice,
  person_id text NOT NULL REFERENCES person,
  -- `handoff` or `assignment`, as in `practice_delivery`.
  via text NOT NULL,
  version int NOT NULL,
  locale text NOT NULL
);
CREATE INDEX practice_offer_practice ON practice_offer (practice_id);
