-- Changes of the organisation from a day on: previewed, made by themselves, and what was before kept.
ALTER TABLE region
  ADD COLUMN merged_into text REFERENCES region,
  ADD COLUMN merged_at timestamptz,
  ADD CHECK ((merged_into IS NULL) = (merged_at IS NULL)),
  ADD CHECK (merged_into <> id);

ALTER TABLE team
  -- Null where its people left with it and no account was of it.
  ADD COLUMN dissolved_into text REFERENCES team,
  ADD COLUMN dissolved_at timestamptz,
  ADD CHECK (dissolved_into IS NULL OR dissolved_at IS NOT NULL),
  ADD CHECK (dissolved_into <> id);

CREATE TABLE directory_change (
  id uuid PRIMARY KEY,
  kind text NOT NULL,
  -- What is to be done, as it was asked for.
  change jsonb NOT NULL,
  from_day date NOT NULL,
  -- The first instant of that day where the change counts.
  at timestamptz NOT NULL,
  status text NOT NULL DEFAULT 'scheduled'
    CHECK (status IN ('scheduled', 'applied', 'cancelled', 'refused')),
  scheduled_by text NOT NULL REFERENCES person,
  scheduled_at timestamptz NOT NULL,
  cancelled_by text REFERENCES person,
  settled_at timestamptz,
  -- What it did: each move with what was before, who was told.
  plan jsonb,
  -- Why it could not be made when its day came.
  problem jsonb,
  calendar_change_id uuid REFERENCES calendar_change,
  CHECK ((status = 'scheduled') = (settled_at IS NULL)),
  CHECK ((status = 'cancelled') = (cancelled_by IS NOT NULL)),
  CHECK ((status = 'applied') = (plan IS NOT NULL)),
  CHECK ((status = 'refused') = (problem IS NOT NULL))
);
CREATE INDEX directory_change_due ON directory_change (at) WHERE status = 'scheduled';
CREATE INDEX directory_change_list ON directory_change (at DESC, id);

-- What was settled stays as it is.
CREATE FUNCTION keep_settled_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.status <> 'scheduled' THEN
    RAISE EXCEPTION 'change % is settled', OLD.id USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER directory_change_settled BEFORE UPDATE OR DELETE ON directory_change
  FOR EACH ROW EXECUTE FUNCTION keep_settled_change();

-- Where a product may not be sold any more; '*' is everywhere.
CREATE TABLE lost_clearance (
  product text NOT NULL,
  country text NOT NULL,
  lost_at timestamptz NOT NULL,
  change_id uuid NOT NULL REFERENCES directory_change,
  PRIMARY KEY (product, country)
);

-- Set by a change: a directory file neither removes nor replaces it.
ALTER TABLE policy ADD COLUMN change_id uuid REFERENCES directory_change;

-- How regions, teams, people and accounts were until an instant, however they were changed; a null
-- value says that there was no such thing until then. Names of people are not kept here.
CREATE TABLE directory_past (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  noun text NOT NULL,
  id text NOT NULL,
  value jsonb,
  until timestamptz NOT NULL,
  change_id uuid REFERENCES directory_change
);
CREATE INDEX directory_past_entry ON directory_past (noun, id, until, number);
CREATE TRIGGER directory_past_append_only BEFORE UPDATE OR DELETE ON directory_past
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE FUNCTION directory_facts(value jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT value - ARRAY['email', 'locale', 'languages'] - CASE WHEN value ? 'email' THEN 'name' ELSE '' END
$$;

-- Whoever changes the directory says when: the product's clock, which is not the database's.
CREATE FUNCTION keep_past() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  at timestamptz := coalesce(
    nullif(current_setting('meridian.changed_at', true), '')::timestamptz, clock_timestamp());
  change uuid := nullif(current_setting('meridian.change_id', true), '')::uuid;
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO directory_past (noun, id, value, until, change_id)
    SELECT TG_TABLE_NAME, n.id, NULL, at, change FROM new_rows n;
  ELSE
    INSERT INTO directory_past (noun, id, value, until, change_id)
    SELECT TG_TABLE_NAME, o.id, directory_facts(to_jsonb(o)), at, change
    FROM old_rows o JOIN new_rows n ON n.id = o.id
    WHERE directory_facts(to_jsonb(o)) <> directory_facts(to_jsonb(n));
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER region_began AFTER INSERT ON region REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION keep_past();
CREATE TRIGGER region_past AFTER UPDATE ON region REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION keep_past();
CREATE TRIGGER team_began AFTER INSERT ON team REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION keep_past();
CREATE TRIGGER team_past AFTER UPDATE ON team REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION keep_past();
CREATE TRIGGER person_began AFTER INSERT ON person REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION keep_past();
CREATE TRIGGER person_past AFTER UPDATE ON person REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION keep_past();
CREATE TRIGGER account_began AFTER INSERT ON account REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION keep_past();
CREATE TRIGGER account_past AFTER UPDATE ON account REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION keep_past();
