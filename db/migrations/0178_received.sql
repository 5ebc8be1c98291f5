-- What somebody had read before a successor of it took its place in their row of `practice_delivery`: a wrong
-- translation is called back from them, too.
CREATE TABLE practice_received_before (
  practice_id uuid NOT NULL REFERENCES practice,
  person_id text NOT NULL REFERENCES person,
  content_id uuid NOT NULL REFERENCES content,
  locale text NOT NULL,
  version int NOT NULL,
  last_at timestamptz NOT NULL,
  PRIMARY KEY (practice_id, person_id, content_id)
);

CREATE VIEW practice_received AS
  SELECT practice_id, person_id, content_id, locale, version, last_at FROM practice_delivery
  UNION ALL
  SELECT practice_id, person_id, content_id, locale, version, last_at FROM practice_received_before;
