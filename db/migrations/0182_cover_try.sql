-- When a cover of an absence was last tried for: of those that are refused again and again the one
-- tried longest ago comes first, so that none shuts out the others.
CREATE TABLE cover_try (
  account_id text NOT NULL REFERENCES account ON DELETE CASCADE,
  absence_id text NOT NULL REFERENCES absence ON DELETE CASCADE,
  tried_at timestamptz NOT NULL,
  PRIMARY KEY (account_id, absence_id)
);
CREATE INDEX cover_try_absence ON cover_try (absence_id);
