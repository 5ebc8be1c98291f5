-- Each market once a quarter, whether it was told that it only receives: who looks again finds the row.
CREATE TABLE exchange_prompt (
  region_id text NOT NULL REFERENCES region,
  quarter text NOT NULL,
  at timestamptz NOT NULL,
  -- Null where it gives too, or where there is nobody who could help.
  coach_id text REFERENCES person,
  notice_id uuid REFERENCES notice,
  PRIMARY KEY (region_id, quarter)
);
