CREATE TABLE skill_audit (
  id uuid PRIMARY KEY REFERENCES loop_instance,
  region_id text NOT NULL REFERENCES region,
  quarter text NOT NULL CHECK (quarter ~ '^20[0-9]{2}-Q[1-4]$'),
  owner_id text NOT NULL REFERENCES person,
  -- Of the competency map, from its start to its end.
  map_version int NOT NULL REFERENCES competency_map,
  status text NOT NULL,
  people int NOT NULL,
  closes_at timestamptz NOT NULL,
  opened_at timestamptz NOT NULL,
  closed_at timestamptz
);
-- One a region and quarter; what was cancelled does not count.
CREATE UNIQUE INDEX skill_audit_once ON skill_audit (region_id, quarter) WHERE status <> 'cancelled';

-- Who is rated, by whom, and what is asked of them: as it was when the audit began.
CREATE TABLE skill_audit_subject (
  audit_id uuid NOT NULL REFERENCES skill_audit,
  person_id text NOT NULL REFERENCES person,
  team_id text NOT NULL REFERENCES team,
  rater_id text NOT NULL REFERENCES person,
  -- Levels by competency.
  targets jsonb NOT NULL,
  settled text CHECK (settled IN ('rated', 'tooNew', 'away', 'left')),
  settled_at timestamptz,
  -- As they were when it closed; null until then.
  levels jsonb,
  PRIMARY KEY (audit_id, person_id),
  CHECK (rater_id <> person_id),
  CHECK ((settled IS NULL) = (settled_at IS NULL))
);
CREATE INDEX skill_audit_subject_person ON skill_audit_subject (person_id);
CREATE INDEX skill_audit_subject_rater ON skill_audit_subject (audit_id, rater_id);

CREATE INDEX competency_rating_evidence ON competency_rating (evidence_id);
CREATE INDEX competency_gap_found_in ON competency_gap (found_in) WHERE found_in IS NOT NULL;
