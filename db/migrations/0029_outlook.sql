-- What the look-ahead has found: its read model; the truth is its transitions.
CREATE TABLE outlook (
  id uuid PRIMARY KEY REFERENCES loop_instance,
  account_id text NOT NULL REFERENCES account,
  -- Of account, kind, subject and first day; whatever comes back after it was gone has the next turn.
  key text NOT NULL,
  turn int NOT NULL,
  kind text NOT NULL,
  status text NOT NULL,
  severity text NOT NULL,
  owner_id text NOT NULL REFERENCES person,
  asked_id text NOT NULL REFERENCES person,
  waits_for_id text NOT NULL REFERENCES person,
  -- [from, until) of what was found; null: as long as is known, or as far as is looked.
  begins_at timestamptz,
  ends_at timestamptz,
  accepted_until timestamptz,
  reason_id uuid REFERENCES content,
  opened_at timestamptz NOT NULL,
  closed_at timestamptz,
  UNIQUE (key, turn)
);
CREATE UNIQUE INDEX outlook_once ON outlook (key) WHERE closed_at IS NULL;
CREATE INDEX outlook_open ON outlook (account_id) WHERE closed_at IS NULL;

-- Accounts to be looked at: only ever added to and, once looked at, taken from by number, so that
-- whoever changes something waits for nobody and is missed by nobody.
CREATE TABLE outlook_due (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account_id text NOT NULL
);
CREATE INDEX outlook_due_account ON outlook_due (account_id);

-- One row: the last night for which every account was put there.
CREATE TABLE outlook_night (
  is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
  night date NOT NULL
);

-- Of people: what they own, what they stand in for, and what they cover.
CREATE FUNCTION outlook_due_of(people text[]) RETURNS void LANGUAGE sql AS $$
  INSERT INTO outlook_due (account_id)
  SELECT DISTINCT account_id FROM (
    SELECT c.account_id FROM custody c JOIN person p ON p.id = c.owner_id
    WHERE upper_inf(c.period) AND (p.id = ANY (people) OR p.manager_id = ANY (people)
      OR p.backup_id = ANY (people))
    UNION ALL
    SELECT v.account_id FROM cover v JOIN person p ON p.id = v.owner_id OR p.id = v.taker_id
    WHERE v.closed_at IS NULL AND (p.id = ANY (people) OR p.manager_id = ANY (people)
      OR p.backup_id = ANY (people))
  ) touched
$$;

-- Roster, absence, holiday, zone data, and who is there: all of them say so with a calendar change.
CREATE FUNCTION outlook_of_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM outlook_due_of(NEW.people);
  RETURN NULL;
END $$;
CREATE TRIGGER outlook_change AFTER INSERT ON calendar_change
  FOR EACH ROW EXECUTE FUNCTION outlook_of_change();

CREATE FUNCTION outlook_of_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO outlook_due (account_id) VALUES (NEW.account_id);
  RETURN NULL;
END $$;
CREATE TRIGGER outlook_custody AFTER INSERT ON custody
  FOR EACH ROW EXECUTE FUNCTION outlook_of_account();
CREATE TRIGGER outlook_cover AFTER INSERT OR UPDATE OF status, taker_id ON cover
  FOR EACH ROW EXECUTE FUNCTION outlook_of_account();

-- Where somebody is reached.
CREATE FUNCTION outlook_of_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM outlook_due_of(ARRAY[CASE WHEN TG_OP = 'DELETE' THEN OLD.person_id ELSE NEW.person_id END]);
  RETURN NULL;
END $$;
CREATE TRIGGER outlook_channel_off AFTER INSERT OR UPDATE OR DELETE ON channel_off
  FOR EACH ROW EXECUTE FUNCTION outlook_of_person();
CREATE TRIGGER outlook_contact AFTER INSERT OR UPDATE OR DELETE ON contact
  FOR EACH ROW EXECUTE FUNCTION outlook_of_person();

CREATE FUNCTION outlook_of_reader() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM outlook_due_of(ARRAY[NEW.id]);
  RETURN NULL;
END $$;
CREATE TRIGGER outlook_person AFTER UPDATE OF email, locale ON person
  FOR EACH ROW WHEN (OLD.email IS DISTINCT FROM NEW.email OR OLD.locale IS DISTINCT FROM NEW.locale)
  EXECUTE FUNCTION outlook_of_reader();
