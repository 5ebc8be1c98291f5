-- Digests: what is new and fits somebody, at the hour that they asked for. The hour is worked out by our
-- own time engine and kept in a column, so that whoever collects reads an index and knows no zone.
CREATE TABLE digest_plan (
  person_id text PRIMARY KEY REFERENCES person,
  every text NOT NULL CHECK (every IN ('never', 'day', 'week', 'fortnight', 'month')),
  weekday int NOT NULL CHECK (weekday BETWEEN 1 AND 7),
  minute int NOT NULL CHECK (minute BETWEEN 0 AND 1439),
  -- No hour before it is owed.
  since timestamptz NOT NULL,
  -- Null while none is to come: nobody wants it, or they have left, or never work.
  next_digest_at timestamptz,
  -- First day of the period it is for; with `every` it names the period.
  period date,
  day date,
  -- Why it does not come at the very hour that was asked for.
  why jsonb,
  -- Of calendar, wishes and zone data: with another one it is planned anew.
  revision text NOT NULL,
  CHECK ((next_digest_at IS NULL) = (period IS NULL)),
  CHECK ((next_digest_at IS NULL) = (day IS NULL))
);
CREATE INDEX digest_plan_due ON digest_plan (next_digest_at) WHERE next_digest_at IS NOT NULL;

-- People to be planned anew: only ever added to and, once planned, taken from by number.
CREATE TABLE digest_replan (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  person_id text NOT NULL
);

-- One a person and period, whatever became of it: this key is what makes it exactly one.
CREATE TABLE digest (
  id uuid PRIMARY KEY,
  person_id text NOT NULL REFERENCES person,
  every text NOT NULL,
  period date NOT NULL,
  due_at timestamptz NOT NULL,
  -- Day of the person's wall on which it came.
  day date NOT NULL,
  at timestamptz NOT NULL,
  -- composed: its items are frozen, and its notice says what became of it.
  status text NOT NULL CHECK (status IN ('composed', 'suppressed', 'skipped')),
  reason text,
  notice_id uuid UNIQUE REFERENCES notice,
  -- How many others fitted and found no place.
  more int NOT NULL DEFAULT 0,
  UNIQUE (person_id, every, period),
  CHECK (status <> 'composed' OR notice_id IS NOT NULL),
  CHECK ((status = 'composed') = (reason IS NULL))
);

CREATE TABLE digest_item (
  digest_id uuid NOT NULL REFERENCES digest,
  rank int NOT NULL,
  practice_id uuid NOT NULL REFERENCES practice,
  -- Why it is in it, the strongest reason first: codes and ids, never text of people.
  reasons jsonb NOT NULL,
  -- What was read, once the message was made; null when it was left out.
  version int,
  locale text,
  -- Why it is not in the message after all.
  left_out text,
  PRIMARY KEY (digest_id, rank),
  UNIQUE (digest_id, practice_id),
  CHECK (left_out IS NULL OR version IS NULL)
);

-- When somebody works, and who is there: all of it says so with a calendar change.
CREATE FUNCTION digest_replan_of_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO digest_replan (person_id) SELECT unnest(NEW.people);
  RETURN NULL;
END $$;
CREATE TRIGGER digest_change AFTER INSERT ON calendar_change
  FOR EACH ROW EXECUTE FUNCTION digest_replan_of_change();

-- Whoever is new, and whoever says something about how they are reached.
CREATE FUNCTION digest_replan_of_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO digest_replan (person_id) VALUES (NEW.person_id);
  RETURN NULL;
END $$;
CREATE TRIGGER digest_new AFTER INSERT ON calendar_revision
  FOR EACH ROW EXECUTE FUNCTION digest_replan_of_person();
CREATE TRIGGER digest_wish AFTER INSERT OR UPDATE ON preference
  FOR EACH ROW EXECUTE FUNCTION digest_replan_of_person();

-- What a region does for whoever says nothing.
CREATE FUNCTION digest_replan_of_policy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO digest_replan (person_id)
  SELECT p.id FROM person p
  WHERE coalesce(NEW.key, OLD.key) = 'digest.wish'
    AND (coalesce(NEW.region_id, OLD.region_id) IS NULL
      OR p.region_id = coalesce(NEW.region_id, OLD.region_id));
  RETURN NULL;
END $$;
CREATE TRIGGER digest_policy AFTER INSERT OR UPDATE OR DELETE ON policy
  FOR EACH ROW EXECUTE FUNCTION digest_replan_of_policy();

INSERT INTO digest_replan (person_id) SELECT person_id FROM calendar_revision;
