-- The read model of a quarterly review; the truth is its transitions.
CREATE TABLE quarterly_review (
  id uuid PRIMARY KEY REFERENCES loop_instance,
  region_id text NOT NULL REFERENCES region DEFERRABLE INITIALLY DEFERRED,
  -- Of a partner; null for the region’s own.
  team_id text REFERENCES team DEFERRABLE INITIALLY DEFERRED,
  quarter text NOT NULL CHECK (quarter ~ '^20[0-9]{2}-Q[1-4]$'),
  chair_id text NOT NULL REFERENCES person,
  status text NOT NULL,
  opened_at timestamptz NOT NULL,
  closed_at timestamptz
);
CREATE UNIQUE INDEX quarterly_review_once ON quarterly_review (region_id, coalesce(team_id, ''), quarter);
CREATE INDEX quarterly_review_list ON quarterly_review (opened_at DESC, id);

-- What every loop says of the quarter, as it stood when the review began: a number with its sentence.
CREATE TABLE quarterly_figure (
  review_id uuid NOT NULL REFERENCES quarterly_review,
  position int NOT NULL,
  section text NOT NULL,
  -- Null where there is none to show; the sentence says why.
  value double precision,
  sentence jsonb NOT NULL,
  PRIMARY KEY (review_id, position)
);
CREATE TRIGGER quarterly_figure_append_only BEFORE UPDATE OR DELETE ON quarterly_figure
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
