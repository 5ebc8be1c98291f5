-- The zone data that everything is planned with. A worker that knows newer raises it, and older ones
-- plan no more; zones whose local time that moves are planned again (activities/adopt-zone-data.ts).
CREATE TABLE zone_data (
  is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
  -- Such as '2026f', or '2026c+2026f' of a corrected one; empty until the first worker has come.
  version text NOT NULL,
  -- { "Asia/Tokyo": [{ "from": ms, "until": ms, "offsetMs": ms }, …], … } of the zones in use, for years ahead.
  rules jsonb NOT NULL
);
INSERT INTO zone_data (version, rules) VALUES ('', '{}');
