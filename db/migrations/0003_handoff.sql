-- The handoff's read model: what lists show and filter; the truth is its transitions.
CREATE TABLE handoff (
  id uuid PRIMARY KEY REFERENCES loop_instance,
  account_id text NOT NULL REFERENCES account,
  giver_id text NOT NULL REFERENCES person,
  receiver_id text NOT NULL REFERENCES person,
  -- Whom the loop waits for now.
  holder_id text REFERENCES person,
  status text NOT NULL,
  severity text NOT NULL,
  packet_id uuid NOT NULL REFERENCES content,
  synthesis_id uuid REFERENCES content,
  offered_at timestamptz NOT NULL,
  closed_at timestamptz
);
-- An account is in at most one open handoff.
CREATE UNIQUE INDEX handoff_one_open ON handoff (account_id) WHERE closed_at IS NULL;
CREATE INDEX handoff_list ON handoff (offered_at DESC, id);
