-- Somebody would like to take what a host offers: it says so to the host and binds nobody.
CREATE TABLE opportunity_interest (
  opportunity_id uuid NOT NULL REFERENCES opportunity,
  person_id text NOT NULL REFERENCES person,
  expressed_at timestamptz NOT NULL,
  -- Null while it holds; whoever says so again is told of again.
  withdrawn_at timestamptz,
  PRIMARY KEY (opportunity_id, person_id),
  CHECK (withdrawn_at >= expressed_at)
);
CREATE INDEX opportunity_interest_person ON opportunity_interest (person_id);
