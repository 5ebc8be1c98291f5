-- Whether a provisional holiday stays: asked of the region's manager before it matters, once.
CREATE TABLE holiday_review (
  id uuid PRIMARY KEY REFERENCES loop_instance,
  region_id text NOT NULL REFERENCES region,
  day date NOT NULL,
  status text NOT NULL,
  moved_to date,
  closed_at timestamptz,
  UNIQUE (region_id, day)
);
