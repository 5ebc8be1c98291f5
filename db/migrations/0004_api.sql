-- Answers to POSTs, stored per actor and route, so that a repeated request gets the same answer.
CREATE TABLE idempotency (
  actor_id text NOT NULL,
  route text NOT NULL,
  key text NOT NULL,
  body_hash bytea NOT NULL,
  -- Null while the first request is under way; its lease says until when it is believed alive.
  status int,
  headers jsonb,
  answer text,
  lease_until timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (actor_id, route, key)
);
CREATE INDEX idempotency_age ON idempotency (created_at);

-- A signed-in browser. The cookie's token is kept only as its hash.
CREATE TABLE session (
  token_hash bytea PRIMARY KEY,
  person_id text NOT NULL REFERENCES person,
  id_token text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX session_person ON session (person_id);
