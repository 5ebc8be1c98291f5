-- The assignment's read model; the truth is its transitions.
CREATE TABLE assignment (
  id uuid PRIMARY KEY REFERENCES loop_instance,
  kind text NOT NULL,
  status text NOT NULL,
  participant_id text NOT NULL REFERENCES person,
  home_manager_id text NOT NULL REFERENCES person,
  host_manager_id text NOT NULL REFERENCES person,
  home_region_id text NOT NULL REFERENCES region,
  host_region_id text NOT NULL REFERENCES region,
  opportunity_id uuid,
  -- Of the terms in force, or of those proposed first; days where they are spent, the last one included.
  days daterange NOT NULL CHECK (NOT isempty(days)),
  weekly_hours int NOT NULL,
  overlap_hours int NOT NULL,
  -- Signed by all three, and not over: what counts against another at the same time.
  is_binding boolean NOT NULL,
  proposed_at timestamptz NOT NULL,
  closed_at timestamptz,
  CHECK (home_region_id <> host_region_id),
  -- Beside a mentorship there may be another; of the rest one at a time.
  CONSTRAINT assignment_one_at_a_time EXCLUDE USING gist (participant_id WITH =, days WITH &&)
    WHERE (is_binding AND kind <> 'mentorship')
);
CREATE INDEX assignment_participant ON assignment (participant_id, proposed_at DESC);
CREATE INDEX assignment_regions ON assignment (host_region_id, home_region_id);

-- Covered while it lasts: no account by two assignments at once.
CREATE TABLE assignment_account (
  assignment_id uuid NOT NULL REFERENCES assignment,
  account_id text NOT NULL REFERENCES account,
  days daterange NOT NULL,
  PRIMARY KEY (assignment_id, account_id),
  CONSTRAINT assignment_account_once EXCLUDE USING gist (account_id WITH =, days WITH &&)
);

-- What a guest may read of the host region; it ends by itself at the upper bound, whoever runs or not.
CREATE TABLE host_access (
  assignment_id uuid PRIMARY KEY REFERENCES assignment,
  person_id text NOT NULL REFERENCES person,
  region_id text NOT NULL REFERENCES region,
  period tstzrange NOT NULL CHECK (NOT isempty(period) AND NOT upper_inf(period))
);
CREATE INDEX host_access_person ON host_access (person_id);

-- Between two regions, whichever is home: `region_a` is the smaller id.
CREATE TABLE cultural_training (
  id uuid PRIMARY KEY,
  person_id text NOT NULL REFERENCES person,
  region_a text NOT NULL REFERENCES region,
  region_b text NOT NULL REFERENCES region,
  completed_on date NOT NULL,
  -- The last day on which it counts.
  expires_on date NOT NULL,
  recorded_by text NOT NULL REFERENCES person,
  recorded_at timestamptz NOT NULL,
  -- The shortest of 90, 60, 30 and 7 days before its end that its holder has been reminded at.
  reminded_days int,
  CHECK (region_a < region_b),
  CHECK (expires_on >= completed_on),
  UNIQUE (person_id, region_a, region_b, completed_on)
);
CREATE INDEX cultural_training_end ON cultural_training (expires_on);

-- A lesson waits here until the exchange of practices takes it; then it names the practice it became.
CREATE TABLE assignment_lesson (
  assignment_id uuid PRIMARY KEY REFERENCES assignment,
  kind text NOT NULL CHECK (kind IN ('win', 'failure')),
  author_id text NOT NULL REFERENCES person,
  content_id uuid NOT NULL REFERENCES content,
  offered_at timestamptz NOT NULL,
  practice_id uuid
);

CREATE TABLE assignment_feedback (
  assignment_id uuid NOT NULL REFERENCES assignment,
  role text NOT NULL,
  author_id text NOT NULL REFERENCES person,
  content_id uuid NOT NULL REFERENCES content,
  given_at timestamptz NOT NULL,
  PRIMARY KEY (assignment_id, role)
);

CREATE TABLE assignment_check_in (
  assignment_id uuid NOT NULL REFERENCES assignment,
  number int NOT NULL,
  content_id uuid NOT NULL REFERENCES content,
  answered_at timestamptz NOT NULL,
  PRIMARY KEY (assignment_id, number)
);

-- What was worked, by day where it was spent; entered again, the later entry counts.
CREATE TABLE assignment_hours (
  assignment_id uuid NOT NULL REFERENCES assignment,
  day date NOT NULL,
  minutes int NOT NULL CHECK (minutes BETWEEN 0 AND 1440),
  -- Of those, while the host worked too.
  overlap_minutes int NOT NULL CHECK (overlap_minutes BETWEEN 0 AND minutes),
  entered_by text NOT NULL REFERENCES person,
  entered_at timestamptz NOT NULL,
  PRIMARY KEY (assignment_id, day)
);

CREATE TABLE assignment_meeting (
  assignment_id uuid NOT NULL REFERENCES assignment,
  number int NOT NULL,
  period tstzrange NOT NULL CHECK (NOT isempty(period)),
  proposed_by text NOT NULL REFERENCES person,
  proposed_at timestamptz NOT NULL,
  PRIMARY KEY (assignment_id, number)
);

-- What somebody says of their own stays in the Schengen area; told to nobody but them.
CREATE TABLE short_stay (
  person_id text NOT NULL REFERENCES person,
  first_day date NOT NULL,
  last_day date NOT NULL,
  PRIMARY KEY (person_id, first_day),
  CHECK (last_day >= first_day)
);
