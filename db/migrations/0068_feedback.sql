CREATE TABLE feedback_round (
  id uuid PRIMARY KEY REFERENCES loop_instance,
  subject_id text NOT NULL REFERENCES person,
  starter_id text NOT NULL REFERENCES person,
  manager_id text NOT NULL REFERENCES person,
  status text NOT NULL,
  closes_at timestamptz NOT NULL,
  -- By the group they are shown with, how many have answered: written once, when it closes.
  answered jsonb,
  closed_at timestamptz
);
CREATE INDEX feedback_round_subject ON feedback_round (subject_id);
-- One at a time about the same person, so that answers are not asked of the same people twice.
CREATE UNIQUE INDEX feedback_round_open ON feedback_round (subject_id) WHERE closed_at IS NULL;

-- Who is asked, and when they were, so that nobody is asked too much at once. Not whether they answered.
CREATE TABLE feedback_ask (
  round_id uuid NOT NULL REFERENCES feedback_round,
  person_id text NOT NULL REFERENCES person,
  asked_at timestamptz NOT NULL,
  PRIMARY KEY (round_id, person_id)
);
CREATE INDEX feedback_ask_person ON feedback_ask (person_id, asked_at);

-- Written before the step that takes it, by nobody; gone with that step.
CREATE TABLE feedback_staged (
  ticket uuid PRIMARY KEY,
  round_id uuid NOT NULL,
  answers jsonb NOT NULL
);
CREATE INDEX feedback_staged_round ON feedback_staged (round_id);

-- Answers without a person, a time, or an order: each question under a pseudonym of its own. All rows of
-- a round are written anew, in the order of their pseudonyms, whenever one is added, so that neither
-- their place on disk nor their transaction tells whose they are.
CREATE TABLE feedback_answer (
  pseudonym uuid PRIMARY KEY,
  round_id uuid NOT NULL REFERENCES feedback_round,
  shown_as text NOT NULL CHECK (shown_as IN ('self', 'peers', 'reports', 'others')),
  competency text NOT NULL REFERENCES competency,
  rank int NOT NULL CHECK (rank BETWEEN 1 AND 3),
  comment text CHECK (length(comment) BETWEEN 1 AND 2000)
) WITH (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0.0);
CREATE INDEX feedback_answer_round ON feedback_answer (round_id);
