-- What people can do, as assignments and growth share it. The nine keys and the three levels are those
-- of the domain and never change their meaning; what can be observed at each is another table's matter.
CREATE TABLE competency (
  key text PRIMARY KEY,
  -- Their order wherever all nine are shown.
  position int NOT NULL UNIQUE
);
INSERT INTO competency (key, position) VALUES
  ('data-storytelling', 1),
  ('territory-planning', 2),
  ('clinical-fluency', 3),
  ('compliant-targeting', 4),
  ('value-based-selling', 5),
  ('accurate-forecasting', 6),
  ('sales-enablement', 7),
  ('partner-management', 8),
  ('cross-border-teamwork', 9);

CREATE TABLE competency_level (
  key text PRIMARY KEY,
  -- The higher, the more somebody can.
  rank int NOT NULL UNIQUE
);
INSERT INTO competency_level (key, rank) VALUES
  ('beginner', 1),
  ('intermediate', 2),
  ('advanced', 3);

-- Only ever added to: the latest of a person and a competency counts. A rating always cites its evidence.
CREATE TABLE competency_rating (
  id uuid PRIMARY KEY,
  person_id text NOT NULL REFERENCES person,
  competency text NOT NULL REFERENCES competency,
  level text NOT NULL REFERENCES competency_level,
  -- Never the person themselves.
  rated_by text NOT NULL REFERENCES person,
  rated_at timestamptz NOT NULL,
  evidence_id uuid NOT NULL REFERENCES content,
  -- Of what it came: an assignment, a skill audit; null where it was entered by itself.
  loop_id uuid REFERENCES loop_instance,
  CHECK (rated_by <> person_id)
);
CREATE INDEX competency_rating_latest ON competency_rating (person_id, competency, rated_at DESC);
CREATE INDEX competency_rating_loop ON competency_rating (loop_id) WHERE loop_id IS NOT NULL;

-- Where somebody is below what their role asks of them: found once, and closed by a later rating.
CREATE TABLE competency_gap (
  id uuid PRIMARY KEY,
  person_id text NOT NULL REFERENCES person,
  competency text NOT NULL REFERENCES competency,
  -- Null where nobody has rated them yet.
  level text REFERENCES competency_level,
  target text NOT NULL REFERENCES competency_level,
  found_at timestamptz NOT NULL,
  closed_at timestamptz,
  CHECK (level IS DISTINCT FROM target)
);
CREATE UNIQUE INDEX competency_gap_open ON competency_gap (person_id, competency) WHERE closed_at IS NULL;
