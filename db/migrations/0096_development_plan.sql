-- The read model of a development plan; the truth is its transitions.
CREATE TABLE development_plan (
  id uuid PRIMARY KEY REFERENCES loop_instance,
  subject_id text NOT NULL REFERENCES person,
  manager_id text NOT NULL REFERENCES person,
  -- Of the terms in force.
  coach_id text REFERENCES person,
  status text NOT NULL,
  -- Of the competency map it was begun with, and stays with.
  map_version int NOT NULL REFERENCES competency_map,
  -- Of the terms in force or, before there are any, of those that are proposed.
  last_day date NOT NULL,
  started_at timestamptz NOT NULL,
  agreed_at timestamptz,
  stalled_at timestamptz,
  closed_at timestamptz
);
CREATE INDEX development_plan_list ON development_plan (started_at DESC, id);
-- One at a time for a person, so that what is found for one serves one.
CREATE UNIQUE INDEX development_plan_open ON development_plan (subject_id) WHERE closed_at IS NULL;

CREATE TABLE plan_goal (
  plan_id uuid NOT NULL REFERENCES development_plan,
  competency text NOT NULL REFERENCES competency,
  from_level text REFERENCES competency_level,
  to_level text NOT NULL REFERENCES competency_level,
  gap_id uuid REFERENCES competency_gap,
  PRIMARY KEY (plan_id, competency)
);

-- Requests for money and assignments that serve a plan; what has failed is not among them any more.
CREATE TABLE plan_link (
  plan_id uuid NOT NULL REFERENCES development_plan,
  loop_id uuid NOT NULL REFERENCES loop_instance,
  need text NOT NULL CHECK (need IN ('formal', 'onTheJob')),
  linked_at timestamptz NOT NULL,
  PRIMARY KEY (plan_id, loop_id)
);
CREATE INDEX plan_link_loop ON plan_link (loop_id);
