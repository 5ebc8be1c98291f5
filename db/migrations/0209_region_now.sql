-- A region and, once it was merged, whatever it has become: what names the former is about the latter.
CREATE FUNCTION region_line(region_id text) RETURNS SETOF text LANGUAGE sql STABLE AS $$
  WITH RECURSIVE place AS (
    SELECT id, merged_into FROM region WHERE id = region_id
    UNION SELECT g.id, g.merged_into FROM place JOIN region g ON g.id = place.merged_into
  )
  SELECT id FROM place;
$$;
CREATE FUNCTION region_now(region_id text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT id FROM region
  WHERE id IN (SELECT region_line(region_id)) AND merged_into IS NULL;
$$;
