-- A calendar that programs subscribe to: whoever has its address reads what its maker may see now.
-- The address holds a secret that is kept only as its hash.
CREATE TABLE calendar_feed (
  id uuid PRIMARY KEY,
  maker_id text NOT NULL REFERENCES person,
  person_id text REFERENCES person,
  account_id text REFERENCES account,
  secret_hash bytea NOT NULL UNIQUE,
  created_at timestamptz NOT NULL,
  UNIQUE NULLS NOT DISTINCT (maker_id, person_id, account_id),
  CHECK (num_nonnulls(person_id, account_id) = 1)
);
