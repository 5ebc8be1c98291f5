-- The rotation's read model; the truth is its transitions.
CREATE TABLE rotation (
  id uuid PRIMARY KEY REFERENCES loop_instance,
  account_id text NOT NULL REFERENCES account,
  starter_id text NOT NULL REFERENCES person,
  members text[] NOT NULL,
  holder_id text NOT NULL REFERENCES person,
  lead_minutes int NOT NULL,
  packet_id uuid NOT NULL REFERENCES content,
  started_at timestamptz NOT NULL,
  closed_at timestamptz
);
-- An account is in at most one rotation.
CREATE UNIQUE INDEX rotation_one_open ON rotation (account_id) WHERE closed_at IS NULL;
