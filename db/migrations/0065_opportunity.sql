-- What a host offers: a draft until the host manager publishes it.
CREATE TABLE opportunity (
  id uuid PRIMARY KEY,
  kind text NOT NULL,
  status text NOT NULL CHECK (status IN ('draft', 'published', 'closed')),
  host_region_id text NOT NULL REFERENCES region,
  host_manager_id text NOT NULL REFERENCES person,
  drafted_by text NOT NULL REFERENCES person,
  -- Title, description and prerequisites.
  content_id uuid NOT NULL REFERENCES content,
  -- Whose people it is for.
  home_regions text[] NOT NULL CHECK (cardinality(home_regions) > 0),
  goals jsonb NOT NULL,
  weekly_hours int NOT NULL CHECK (weekly_hours BETWEEN 1 AND 60),
  overlap_hours int NOT NULL CHECK (overlap_hours BETWEEN 0 AND weekly_hours),
  languages text[] NOT NULL,
  days daterange NOT NULL CHECK (NOT isempty(days)),
  revision int NOT NULL DEFAULT 1,
  drafted_at timestamptz NOT NULL,
  published_at timestamptz,
  closed_at timestamptz,
  CHECK ((status = 'draft') = (published_at IS NULL AND closed_at IS NULL))
);
CREATE INDEX opportunity_list ON opportunity (drafted_at DESC, id);
ALTER TABLE assignment ADD FOREIGN KEY (opportunity_id) REFERENCES opportunity;
