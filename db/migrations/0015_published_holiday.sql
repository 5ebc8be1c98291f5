-- What law and government publish, beside what the organisation's file says: neither overwrites the other.
ALTER TABLE region
  -- ISO 3166-1, and what follows the hyphen in ISO 3166-2; null: nothing is published for it.
  ADD COLUMN country text CHECK (country ~ '^[A-Z]{2}$'),
  ADD COLUMN subdivision text CHECK (subdivision ~ '^[A-Z0-9]{1,3}$'),
  ADD CHECK (subdivision IS NULL OR country IS NOT NULL);

CREATE TABLE published_holiday (
  region_id text NOT NULL REFERENCES region DEFERRABLE INITIALLY DEFERRED,
  day date NOT NULL,
  kind text NOT NULL CHECK (kind IN ('off', 'half', 'working')),
  half_until_minute int CHECK (half_until_minute BETWEEN 0 AND 1440),
  -- As it is called there, and by language: { "en": "Good Friday", … }.
  name text NOT NULL,
  names jsonb NOT NULL,
  source text NOT NULL,
  status text NOT NULL CHECK (status IN ('confirmed', 'provisional')),
  fetched_at timestamptz NOT NULL,
  PRIMARY KEY (region_id, day),
  CHECK ((kind = 'half') = (half_until_minute IS NOT NULL))
);

-- The days that count: of the organisation's file, else as published; and where either is provisional,
-- as the manager of the region has answered. What the file calls confirmed, no answer changes.
CREATE VIEW region_holiday AS
SELECT DISTINCT ON (region_id, day) region_id, day, kind, half_until_minute, like_weekday, name, names,
  source, status
FROM (
  SELECT t.region_id, coalesce(r.moved_to, t.day) AS day, t.kind, t.half_until_minute, t.like_weekday,
    t.name, t.names, t.source,
    CASE WHEN r.id IS NULL THEN t.status ELSE 'confirmed' END AS status,
    CASE WHEN r.moved_to IS NULL THEN t.rank ELSE 1 END AS rank
  FROM (
    SELECT region_id, day, kind, half_until_minute, like_weekday, name, '{}'::jsonb AS names, source,
      status, 0 AS rank
    FROM holiday
    UNION ALL
    SELECT region_id, day, kind, half_until_minute, NULL, name, names, source, status, 2
    FROM published_holiday p
    WHERE NOT EXISTS (
      SELECT FROM holiday h WHERE h.region_id = p.region_id AND h.day = p.day)
  ) t
  LEFT JOIN holiday_review r ON r.region_id = t.region_id AND r.day = t.day
    AND r.status IN ('confirmed', 'corrected') AND (t.rank = 2 OR t.status = 'provisional')
  WHERE r.status IS DISTINCT FROM 'corrected' OR r.moved_to IS NOT NULL
) told
ORDER BY region_id, day, rank;
